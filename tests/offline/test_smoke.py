from pathlib import Path
from tests.conftest import *
from tests.signed_in import client
from wijkteam.cases.service import NewCase, open_case
from wijkteam.terms import clock
import pytest
def test_smoke(town):
    case = open_case(town.work("fenna"), NewCase("Huis X","Er is iets","bellen",clock.today()))
    f = client(town,"fenna")
    assert f.get("/offline").status_code==200
    r=f.post("/offline/aan"); print(r.status_code,r.headers)
    print(f.get("/offline/stand").json)
    print(f.post("/offline/sleutel").json)
    r=f.post("/offline/pakket"); print(r.status_code, {k:len(v["html"]) for k,v in r.json["pages"].items()})
    Path("/tmp/h_case.html").write_text(r.json["pages"]["/casus/"+case.id]["html"])
    have="\n".join(f"{p} {v['digest']}" for p,v in r.json["pages"].items())
    r=f.post("/offline/pakket",data={"have":have}); print({k:v["html"] for k,v in r.json["pages"].items()})
    h={"Idempotency-Key":"0"*8+"-0000-4000-8000-"+"0"*12}
    for _ in range(2):
        r=f.post(f"/offline/verzenden/{case.id}/add_note",data={"note":"hoi","version":"1"},headers=h); print(r.status_code,r.json)
    h={"Idempotency-Key":"1"*8+"-0000-4000-8000-"+"0"*12}
    r=f.post(f"/offline/verzenden/{case.id}/add_note",data={"note":"hoi","version":"1"},headers=h); print(r.status_code,r.json)
    r=f.get("/"); print(r.headers)
    print(f.get("/offline.js").status_code, f.get("/offline/dicht").status_code)
