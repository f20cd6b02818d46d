using System.Text;

namespace Telemetry.Model;

/// <summary>
/// Units as gateways write them: UCUM codes, and what people write instead. Some spellings mean one thing in UCUM and
/// another on a gateway (<c>C</c> is the coulomb and the degree Celsius); which one is meant is told by the unit they
/// are to become.
/// </summary>
public static class UnitSpelling
{
    // UCUM code = spellings; in lower case they stand for any case.
    private const string Defined = """
        Cel=°c, ℃, degc, deg_c, deg.c, deg c, celsius, degree celsius, degrees celsius, c
        [degF]=°f, ℉, degf, deg_f, deg.f, deg f, fahrenheit, degree fahrenheit, degrees fahrenheit, f
        K=°k, kelvin, degk
        %=percent, pct
        %{RH}=%rh, rh%, % rh
        [ppm]=ppm
        [ppb]=ppb
        [psi]=psi, lb/in2, lbf/in2
        [psi]{gauge}=psig, psi(g)
        [psi]{abs}=psia, psi(a)
        kPa{gauge}=kpag, kpa(g), kpa.g, kpa g
        kPa{abs}=kpaa, kpa(a), kpa.a, kpa a
        bar{gauge}=barg, bar(g), bar.g, bar g
        bar{abs}=bara, bar(a), bar.a, bar a
        kgf/cm2=kg/cm2, kg/cm^2, kgf/cm^2, kg/sqcm
        Pa=pa, pascal
        hPa=hpa, hectopascal
        kPa=kpa, kilopascal
        MPa=mpa, megapascal
        bar=bars
        mbar=millibar, mb
        [in_i'H2O]=inh2o, in h2o, inwc, in wc, inwg
        mm[H2O]=mmh2o, mm h2o, mmwc
        [in_i'Hg]=inhg, in hg
        mm[Hg]=mmhg, mm hg, torr
        m3/h=m^3/h, m3/hr, m^3/hr, cmh
        l/s=lps, l/sec
        l/min=lpm, l/m, slpm
        l/h=lph, l/hr
        [gal_us]/min=gpm, usgpm, gal/min
        [cft_i]/min=cfm, scfm, ft3/min
        [gal_us]=gal, gallon, gallons, usgal
        l=litre, liter, litres, liters, ltr
        m3=m^3
        t/h=tph, t/hr
        kg/h=kg/hr
        t=tonne, tonnes
        kg=kilogram, kilograms, kgs
        [lb_av]=lb, lbs, pound, pounds
        [oz_tr]=ozt, troy ounce
        {rev}/min=rpm, r/min, rev/min, u/min
        mm/s=mm/sec
        m/s=mps, m/sec
        km/h=kmh, kph, km/hr
        [mi_i]/h=mph
        [kn_i]=kn, kt, kts, knot, knots
        [in_i]/s=ips, in/s, in/sec
        [in_i]=in, inch, inches
        [ft_i]=ft, foot, feet
        [mil_i]=mil, mils, thou
        m=metre, meter, metres, meters
        um=micron, microns
        [g]=g, gs, g-force
        kW.h=kwh, kwhr, kilowatt hour, kilowatt hours
        MW.h=mwh
        W.h=wh
        A.h=ah
        mA.h=mah
        V.A=va
        kV.A=kva
        V.A{reactive}=var
        kV.A{reactive}=kvar
        kV.A{reactive}.h=kvarh
        [HP]=hp
        A=a, amp, amps, ampere, amperes
        mA=ma, milliamp
        V=v, volt, volts, vdc, vac, v dc, v ac
        mV=mv, millivolt
        W=w, watt, watts
        kW=kw, kilowatt
        MW=megawatt
        Hz=hz, hertz
        Ohm=ohm, ohms, Ω
        kOhm=kohm, kΩ
        uS/cm=us/cm
        mS/cm=ms/cm
        [pH]=ph
        {NTU}=ntu
        dB{A}=dba, db(a)
        dB{mW}=dbm
        dB=db
        deg=°, degree, degrees
        s=sec, secs, second, seconds
        ms=msec, millisecond, milliseconds
        min=minute, minutes
        h=hr, hrs, hour, hours
        d=day, days
        By=byte, bytes
        kBy=kb, kbyte
        MBy=MB, mbyte
        W/m2=w/m2, w/m^2
        mg/m3=mg/m^3
        ug/m3=ug/m^3
        lx=lux
        {count}=count, counts, pulses
        """;

    private static readonly Dictionary<string, string> Codes = ReadCodes();

    /// <summary>How many spellings are known.</summary>
    public static int Count => Codes.Count;

    /// <summary>The UCUM code that people mean by a spelling; null when it is not known.</summary>
    public static string? CodeOf(string spelling)
    {
        ArgumentNullException.ThrowIfNull(spelling);
        if (spelling.Length > Limits.UnitCharactersMax)
        {
            return null;
        }

        string plain = Plain(spelling);
        return Codes.GetValueOrDefault(plain)
            ?? Codes.GetValueOrDefault(plain.ToLowerInvariant())
            ?? (plain != spelling && Unit.TryParse(plain, out _, out _) ? plain : null);
    }

    /// <summary>
    /// Reads a unit as a gateway writes it: by UCUM, and where that gives nothing that converts to
    /// <paramref name="target"/>, as people mean it.
    /// </summary>
    /// <param name="spelling">The unit as it came.</param>
    /// <param name="target">The unit it is to become.</param>
    /// <param name="unit">The unit; what it seems to be where it does not convert, null when it is not known.</param>
    /// <param name="conversion">How its values become those of the target.</param>
    public static bool TryConvert(string spelling, Unit target, out Unit? unit, out UnitConversion conversion)
    {
        if (Unit.TryParse(spelling, out unit, out _) && unit.TryConvertTo(target, out conversion))
        {
            return true;
        }

        if (CodeOf(spelling) is { } code && Unit.TryParse(code, out Unit? meant, out _))
        {
            unit ??= meant;
            if (meant.TryConvertTo(target, out conversion))
            {
                unit = meant;
                return true;
            }
        }

        conversion = UnitConversion.None;
        return false;
    }

    /// <summary>
    /// The code to note for a unit nobody converts: UCUM's, else what came, as an annotation, which is UCUM too.
    /// </summary>
    public static string Noted(string spelling)
    {
        ArgumentNullException.ThrowIfNull(spelling);
        return spelling.Length == 0 || Unit.TryParse(spelling, out _, out _)
            ? spelling
            : CodeOf(spelling) ?? Annotation(spelling);
    }

    private static string Annotation(string spelling)
    {
        string kept = spelling.Length > Limits.UnitCharactersMax ? spelling[..Limits.UnitCharactersMax] : spelling;
        return $"{{{kept.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal)}}}";
    }

    /// <summary>Without the characters that UCUM does not have: raised digits, micro signs, dots.</summary>
    private static string Plain(string spelling)
    {
        var plain = new StringBuilder();
        foreach (char c in VisibleName.Of(spelling))
        {
            _ = c switch
            {
                '²' => plain.Append('2'),
                '³' => plain.Append('3'),
                '⁻' => plain.Append('-'),
                '¹' => plain.Append('1'),
                'µ' or 'μ' => plain.Append('u'),
                '·' or '⋅' or '×' or '*' => plain.Append('.'),
                'º' => plain.Append('°'),
                _ => plain.Append(c),
            };
        }

        return plain.ToString();
    }

    private static Dictionary<string, string> ReadCodes()
    {
        var codes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in Defined.Split('\n'))
        {
            int equals = line.IndexOf('=', StringComparison.Ordinal);
            foreach (string spelling in line[(equals + 1)..].Split(", "))
            {
                codes[Plain(spelling)] = line[..equals];
            }
        }

        return codes;
    }
}
