"""What kinds of places there are: GeoNames' feature codes, how far such a place reaches, and how often the press means one.

Codes and classes follow the table featureCodes_en of geonames.org (CC BY 4.0); only those that reports need are listed.
"""

from __future__ import annotations

from bisect import bisect_right
from math import log2

_CLASSES = {
    "A": "PCL PCLD PCLF PCLH PCLI PCLIX PCLS TERR ADM1 ADM1H ADM2 ADM2H ADM3 ADM3H ADM4 ADM4H ADM5 ADM5H ADMD ADMDH LTER ZN ZNB PRSH",
    "H": "BAY BAYS BGHT CHN CHNM CNL COVE CRKT CUTF ESTY FJD GULF HBR INLT LBED LGN LK LKI LKN LKS LKSI MGV MRSH OCN RF RSV "
    "SBKH SD SEA SHOL SPNG STM STMI STMM STMX STRT SWMP WAD WADB WADM WADS WADX WLL WLLS WTRC WTRH",
    "L": "AGRC AREA BTL CLG CMN CNS COLF CONT CTRB DEVH FLD GRAZ INDS LCTY MILB MNA MVA NVB OAS OILF PEAT PRK PRT QCKS RES "
    "RESA RESF RESN RESW RGN RGNE RGNH RGNL RNGA SALT",
    "P": "PPL PPLA PPLA2 PPLA3 PPLA4 PPLA5 PPLC PPLCH PPLF PPLG PPLH PPLL PPLQ PPLR PPLS PPLW PPLX STLMT",
    "R": "CSWY OILP PRMN PTGE RD RDA RDB RDCUT RDJCT RJCT RR RRQ RTE RYD ST STKR TNL TNLRD TNLRR TRB TRL",
    "S": "AIRB AIRF AIRH AIRP AIRQ AIRS AIRT BDG BLDG BNK BUSTN CAVE CH CMP CMPL CMPO CMPRF CSTL CTRA CTRM DAM DAMQ EST FRM "
    "FT FY GATE GOVL HSP HTL INSM LDNG LTHSE MKT MLWND MN MNQ MOLE MSQE MUS NUCL OBS OILJ OILQ OILR OILT OILW PAL PKLT PO "
    "PP PPQ PRN PS PSTB PSTC PSTP PYR PYRS RECG RLG RSTN RUIN SCH SCHC SHRN SPLY STDM STNE STNM TMB TMPL TOWR TRIG UNIV WTRW",
    "T": "ATOL BAR BCH CAPE CFT CLF CNYN CRTR DLTA DPR DSRT DUNE ERG FAN GAP GRGE HDLD HLL HLLS ISL ISLET ISLF ISLM ISLS "
    "ISTH LAVA MESA MT MTS PASS PEN PENX PK PKS PLAT PLN PT RDGE REG RK RKS SAND SCRP SDL SHOR SPUR TRGD UPLD VAL VLC",
    "U": "BSNU CNYU RDGU SMU TRNU",
    "V": "FRST GRVC GRSLD OCH SCRB VIN",
}  # fmt: skip
CLASS_OF = {code: letter for letter, codes in _CLASSES.items() for code in codes.split()}

# What a cue word says ("مدينة", "air base") and the codes that answer it; the first part answers fully, the second half-way.
_SETTLEMENTS = "PPL PPLA PPLA2 PPLA3 PPLA4 PPLA5 PPLC PPLG PPLL PPLF PPLS PPLCH PPLQ PPLW PPLH STLMT PPLR"
KINDS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    kind: (frozenset(full.split()), frozenset(half.split()))
    for kind, (full, half) in {
        "country": ("PCL PCLD PCLF PCLI PCLIX PCLS TERR", "PCLH"),
        "region": ("RGN RGNE RGNH RGNL ADM1 AREA", "ADM2 DSRT VAL PLN UPLD COAST"),
        "governorate": ("ADM1", "ADM1H ADM2 RGN"),
        "district": ("ADM1 ADM2 ADM3 ADM4", "ADM1H ADM2H ADM3H PPLX RGN"),
        "city": (_SETTLEMENTS, "PPLX ADM3 ADM4 OAS CMPRF"),
        "village": (_SETTLEMENTS, "PPLX ADM4 OAS CMPRF"),
        "neighbourhood": ("PPLX", "PPL PPLL CMPRF PPLA5 PPLA4"),
        "airbase": ("AIRB", "AIRP AIRF AIRQ MILB INSM NVB AIRH"),
        "airport": ("AIRP", "AIRB AIRF AIRQ AIRH"),
        "camp": ("CMPRF CMP CMPL CMPO INSM MILB", "AIRB FT STLMT PPL PPLX"),
        "port": ("PRT HBR", "NVB OILT PPL"),
        "oilfield": ("OILF OILR OILT OILP OILW", "OILQ OILJ LCTY RGN"),
        "dam": ("DAM", "DAMQ RSV"),
        "border": ("PSTB PSTC", "PASS GATE CSTM"),
        "road": ("RD RDJCT ST TNLRD RTE TRL", "BDG PASS"),
        "river": ("STM STMM STMI STMX CNL", "WAD LK CHN"),
        "wadi": ("WAD WADS VAL WADB WADM WADX", "STM STMI PPL RGN"),
        "mountain": ("MT MTS HLL HLLS PK PKS RDGE UPLD PASS", "RGN PLAT SCRP"),
        "island": ("ISL ISLS ISLET ATOL ISLM", "PEN"),
        "sea": ("SEA GULF BAY STRT OCN CHN", "LK"),
        "desert": ("DSRT ERG DUNE REG SAND", "RGN PLN PLAT"),
        "site": (" ".join((_CLASSES["S"], _CLASSES["L"], _CLASSES["R"])), "PPLX"),
    }.items()
}

# Equal-area radius, metres: settlements by population (Ukraine's localities, median by class), the rest by code.
_PEOPLE = (10_000, 50_000, 200_000, 1_000_000, 5_000_000)
_BY_PEOPLE = (800.0, 1_500.0, 3_000.0, 5_000.0, 9_000.0, 15_000.0)  # metres: below the first, from there on, ...
_RADIALS = {
    "ADM1": 80_000, "ADM1H": 80_000, "ADM2": 22_000, "ADM2H": 22_000, "ADM3": 10_000, "ADM3H": 10_000, "ADM4": 4_000, "ADM5": 2_500,
    "ADMD": 22_000, "PCLI": 350_000, "TERR": 30_000, "ZN": 30_000, "ZNB": 30_000, "CONT": 3_000_000,
    "AIRB": 2_000, "AIRP": 2_000, "AIRF": 1_000, "AIRQ": 1_000, "AIRH": 300, "INSM": 1_500, "MILB": 2_000, "NVB": 2_000, "FT": 500,
    "CMPRF": 1_000, "CMP": 1_000, "CMPL": 1_000, "CMPO": 1_000, "DAM": 800, "BDG": 500, "PSTB": 500, "PSTC": 500, "PRN": 500, "HSP": 200, "PS": 500, "MN": 2_000,
    "OILR": 1_500, "OILT": 1_500, "OILF": 8_000, "OILP": 25_000, "PRT": 1_500, "HBR": 1_500, "CTRB": 1_000,
    "RGN": 80_000, "RGNE": 80_000, "RGNH": 80_000, "RGNL": 50_000, "OAS": 5_000, "AREA": 20_000, "LCTY": 2_000, "RESN": 15_000, "PRK": 15_000,
    "ISL": 5_000, "ISLS": 20_000, "MT": 4_000, "MTS": 40_000, "HLL": 1_500, "HLLS": 10_000, "PK": 2_000, "PASS": 1_000, "ERG": 100_000,
    "DSRT": 150_000, "VAL": 15_000, "PLN": 40_000, "PLAT": 50_000, "CAPE": 2_000, "PEN": 50_000, "UPLD": 50_000, "DLTA": 50_000,
    "WAD": 25_000, "STM": 25_000, "CNL": 25_000, "WLL": 300, "SBKH": 10_000, "GULF": 100_000, "BAY": 15_000, "STRT": 40_000, "SEA": 300_000,
    "OCN": 3_000_000, "LK": 8_000, "RSV": 8_000, "SWMP": 20_000, "MRSH": 20_000, "RD": 25_000, "RDJCT": 300, "ST": 1_000, "RSTN": 300, "RR": 25_000,
    "PPLX": 800, "PPLL": 800, "PPLF": 800, "STLMT": 800, "PPLA": 2_000, "PPLC": 5_000, "PPLA2": 1_500,
}  # fmt: skip

# How likely the press means such a place when nothing else is known, as log2 of the population it weighs like.
_WEIGHTS = {
    "CONT": 24, "OCN": 20, "SEA": 17.5, "GULF": 16, "STRT": 15, "PCLH": 14, "TERR": 15,
    "ADM1": 15.6, "ADM1H": 12, "ADM2": 12, "ADM2H": 9, "ADM3": 10.5, "ADM3H": 8, "ADM4": 8.5, "ADM5": 8, "ADMD": 10,
    "RGN": 13, "RGNE": 12, "RGNH": 12, "RGNL": 11, "DSRT": 14, "MTS": 12, "PEN": 13, "DLTA": 13, "ISLS": 12, "ISL": 11, "STM": 12.5, "CNL": 10,
    "LK": 11, "AIRB": 11, "AIRP": 9.5, "AIRF": 7, "AIRH": 4, "AIRQ": 5, "MILB": 10, "INSM": 9, "NVB": 10, "CMPRF": 11, "DAM": 10, "PRT": 10.5, "OILF": 9,
    "OILR": 9.5, "OILT": 9, "PSTB": 9.5, "OAS": 9, "WAD": 8.5, "VAL": 9, "MT": 9, "ERG": 9, "HLL": 7,
}  # fmt: skip
_UNKNOWN_POPULATION = {
    "PPLC": 17,
    "PPLA": 14.5,
    "PPLA2": 12.5,
    "PPLA3": 10.5,
    "PPLA4": 9.5,
    "PPLX": 8.5,
    "PPLQ": 6,
    "PPLW": 7,
    "PPLH": 6,
}
_LOWERED = {"PPLX": 3.0, "PPLQ": 2.0, "PPLH": 2.0, "PPLL": 1.0, "PPLF": 1.0}


def feature_class(code: str) -> str:
    """GeoNames class letter of a feature code; codes that the table does not know count as spots ("S")."""
    return CLASS_OF.get(code, "S")


def radial(code: str, population: int | None) -> float:
    """How far such a place reaches from its middle, in metres, where no shape is known."""
    if code.startswith("PPL") and population:
        known = _BY_PEOPLE[bisect_right(_PEOPLE, population)]
        return max(known, float(_RADIALS["PPLC"])) if code == "PPLC" else known
    return float(
        _RADIALS.get(code) or {"A": 10_000, "P": 1_000, "H": 3_000, "L": 3_000, "T": 2_000}.get(feature_class(code), 500)
    )


def weight(code: str, population: int | None) -> float:
    """How often the press means such a place, in bits: log2 of the population of a town that it weighs like."""
    letter = feature_class(code)
    if letter == "P":
        known = log2(population) if population else _UNKNOWN_POPULATION.get(code, 8.0)
        return max(known, _UNKNOWN_POPULATION.get(code, 0.0) if code != "PPLX" else 0.0) - _LOWERED.get(code, 0.0)
    if code.startswith("PCL") and code != "PCLH":
        return max(20.0, log2(population or 1) + 4.0)
    if code == "ADM1" and population:
        return max(_WEIGHTS[code], log2(population) - 2.0)
    return float(_WEIGHTS.get(code, 6.5))


def answers(kind: str, code: str) -> float:
    """Does a place of that code answer the cue word? 1 fully, 0.5 half-way, 0 not at all."""
    full, half = KINDS.get(kind, (frozenset(), frozenset()))
    return 1.0 if code in full else 0.5 if code in half else 0.0
