using System.Globalization;

namespace Telemetry.Model;

/// <summary>
/// Units of UCUM 2.1 by their case-sensitive code: those that industry, mining, weather and water use.
/// </summary>
internal static class UnitTable
{
    // code | is metric, M or - | value | the unit it is a multiple of; each line uses only lines above it.
    private const string Defined = """
        10*|-|10|1
        10^|-|10|1
        [pi]|-|3.1415926535897932384626433832795028841971693993751058209749445923|1
        %|-|0.01|1
        [ppth]|-|0.001|1
        [ppm]|-|0.000001|1
        [ppb]|-|0.000000001|1
        [pptr]|-|0.000000000001|1
        min|-|60|s
        h|-|60|min
        d|-|24|h
        wk|-|7|d
        a|-|365.25|d
        mo|-|30.4375|d
        deg|-|2|[pi].rad/360
        gon|-|0.9|deg
        '|-|1|deg/60
        ''|-|1|'/60
        sr|M|1|rad2
        A|M|1|C/s
        Hz|M|1|s-1
        N|M|1|kg.m/s2
        Pa|M|1|N/m2
        J|M|1|N.m
        W|M|1|J/s
        V|M|1|J/C
        F|M|1|C/V
        Ohm|M|1|V/A
        S|M|1|Ohm-1
        Wb|M|1|V.s
        T|M|1|Wb/m2
        H|M|1|Wb/A
        lm|M|1|cd.sr
        lx|M|1|lm/m2
        Bq|M|1|s-1
        Gy|M|1|J/kg
        Sv|M|1|J/kg
        kat|M|1|mol/s
        l|M|1|dm3
        L|M|1|l
        ar|M|100|m2
        t|M|1000|kg
        bar|M|100000|Pa
        u|M|1.66053906660|10*-24.g
        eV|M|0.1602176634|10*-18.J
        pc|M|30856775814913673|m
        [g]|M|9.80665|m/s2
        gf|M|1|g.[g]
        att|-|1|kgf/cm2
        atm|-|101325|Pa
        m[H2O]|M|9.80665|kPa
        m[Hg]|M|133.3220|kPa
        dyn|M|1|g.cm/s2
        erg|M|1|dyn.cm
        P|M|1|dyn.s/cm2
        St|M|1|cm2/s
        G|M|0.0001|T
        cal|M|4.184|J
        cal_IT|M|4.1868|J
        cal_th|M|4.184|J
        [Cal]|-|1|kcal_th
        [in_i]|-|2.54|cm
        [ft_i]|-|12|[in_i]
        [yd_i]|-|3|[ft_i]
        [mi_i]|-|5280|[ft_i]
        [mil_i]|-|0.001|[in_i]
        [nmi_i]|-|1852|m
        [kn_i]|-|1|[nmi_i]/h
        [fth_i]|-|6|[ft_i]
        [sin_i]|-|1|[in_i]2
        [sft_i]|-|1|[ft_i]2
        [syd_i]|-|1|[yd_i]2
        [cin_i]|-|1|[in_i]3
        [cft_i]|-|1|[ft_i]3
        [cyd_i]|-|27|[cft_i]
        [gr]|-|64.79891|mg
        [lb_av]|-|7000|[gr]
        [oz_av]|-|1|[lb_av]/16
        [ston_av]|-|2000|[lb_av]
        [lton_av]|-|2240|[lb_av]
        [oz_tr]|-|480|[gr]
        [car_m]|-|0.2|g
        [lbf_av]|-|1|[lb_av].[g]
        [psi]|-|1|[lbf_av]/[sin_i]
        [in_i'H2O]|-|1|m[H2O].[in_i]/m
        [in_i'Hg]|-|1|m[Hg].[in_i]/m
        [Btu_th]|-|1054.350|J
        [Btu]|-|1|[Btu_th]
        [Btu_IT]|-|1055.05585262|J
        [HP]|-|550|[ft_i].[lbf_av]/s
        [gal_us]|-|231|[cin_i]
        [bbl_us]|-|42|[gal_us]
        [qt_us]|-|1|[gal_us]/4
        [pt_us]|-|1|[qt_us]/2
        [foz_us]|-|1|[pt_us]/16
        [gal_br]|-|4.54609|l
        [ft_us]|-|1200|m/3937
        [rd_us]|-|16.5|[ft_us]
        [acr_us]|-|160|[rd_us]2
        [degR]|-|5|K/9
        Ci|M|37000000000|Bq
        By|M|8|bit
        Bd|M|1|s-1
        """;

    private const string Prefixes =
        "Y 24,Z 21,E 18,P 15,T 12,G 9,M 6,k 3,h 2,da 1,d -1,c -2,m -3,u -6,n -9,p -12,f -15,a -18,z -21,y -24";

    private static readonly Dictionary<string, UnitRatio> PrefixFactors = ReadPrefixes();

    /// <summary>All units by their code.</summary>
    public static IReadOnlyDictionary<string, UnitAtom> Atoms { get; } = ReadAtoms();

    /// <summary>Finds a unit among others, with or without a prefix.</summary>
    public static bool TryFind(IReadOnlyDictionary<string, UnitAtom> atoms, string code, out UnitAtom? atom)
    {
        if (atoms.TryGetValue(code, out atom))
        {
            return true;
        }

        for (int length = 2; length > 0; length--)
        {
            if (code.Length > length && atoms.TryGetValue(code[length..], out atom) && atom.TakesPrefix
                && PrefixFactors.TryGetValue(code[..length], out UnitRatio prefix))
            {
                atom = atom with { Factor = prefix * atom.Factor, TakesPrefix = false };
                return true;
            }
        }

        atom = null;
        return false;
    }

    private static Dictionary<string, UnitRatio> ReadPrefixes()
    {
        var factors = new Dictionary<string, UnitRatio>(StringComparer.Ordinal)
        {
            ["Ki"] = new(1L << 10, 1),
            ["Mi"] = new(1L << 20, 1),
            ["Gi"] = new(1L << 30, 1),
            ["Ti"] = new(1L << 40, 1),
        };
        foreach (string prefix in Prefixes.Split(','))
        {
            int space = prefix.IndexOf(' ', StringComparison.Ordinal);
            int exponent = int.Parse(prefix.AsSpan(space), CultureInfo.InvariantCulture);
            factors.Add(prefix[..space], new UnitRatio(10, 1).ToPower(exponent));
        }

        return factors;
    }

    private static Dictionary<string, UnitAtom> ReadAtoms()
    {
        var atoms = new Dictionary<string, UnitAtom>(StringComparer.Ordinal)
        {
            ["m"] = Base(new UnitDimension(Metre: 1)),
            ["s"] = Base(new UnitDimension(Second: 1)),
            ["g"] = Base(new UnitDimension(Gram: 1)),
            ["rad"] = Base(new UnitDimension(Radian: 1)),
            ["K"] = Base(new UnitDimension(Kelvin: 1)),
            ["C"] = Base(new UnitDimension(Coulomb: 1)),
            ["cd"] = Base(new UnitDimension(Candela: 1)),
            ["mol"] = Base(new UnitDimension(Mole: 1)),
            ["bit"] = Base(new UnitDimension(Bit: 1)),
            ["B"] = Base(new UnitDimension(Bel: 1)),
            ["Np"] = Base(new UnitDimension(Neper: 1)),
            ["[pH]"] = Base(new UnitDimension(Acidity: 1)) with { TakesPrefix = false },
            ["Cel"] = Temperature(UnitRatio.One, "273.15") with { TakesPrefix = true },
            ["[degF]"] = Temperature(UnitRatio.Parse("5") / UnitRatio.Parse("9"), "459.67"),
        };
        foreach (string line in Defined.Split('\n'))
        {
            string[] cells = line.Split('|');
            if (!UnitParser.TryParse(cells[3], atoms, out Unit? unit, out string fault))
            {
                throw new InvalidOperationException($"BUG: unit {cells[0]} is not defined: {fault}");
            }

            UnitRatio factor = UnitRatio.Parse(cells[2]) * unit!.Factor;
            atoms.Add(cells[0], new UnitAtom(unit.Dimension, factor, Zero: null, TakesPrefix: cells[1] == "M"));
        }

        return atoms;
    }

    private static UnitAtom Base(UnitDimension dimension) =>
        new(dimension, UnitRatio.One, Zero: null, TakesPrefix: true);

    /// <summary>A scale by its degree in kelvin, and its zero in degrees above absolute zero.</summary>
    private static UnitAtom Temperature(UnitRatio degree, string zeroInDegrees) => new(
        new UnitDimension(Kelvin: 1), degree, UnitRatio.Parse(zeroInDegrees) * degree, TakesPrefix: false);
}
