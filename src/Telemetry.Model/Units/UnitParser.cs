using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Telemetry.Model;

/// <summary>
/// The grammar of UCUM 2.1 §2: terms joined by <c>.</c> and <c>/</c> from left to right, exponents, numbers,
/// parentheses, and annotations in braces.
/// </summary>
internal ref struct UnitParser
{
    private const int ComponentsMax = 16; // the longest code of UCUM has 6
    private const int DepthMax = 4;
    private const int ExponentMax = 24;
    private const int FactorDigitsMax = 12;
    private readonly IReadOnlyDictionary<string, UnitAtom> _atoms;
    private readonly string _code;
    private readonly StringBuilder _annotation = new();
    private int _position;
    private int _components;
    private UnitRatio? _zero;
    private string _fault = "";

    private UnitParser(string code, IReadOnlyDictionary<string, UnitAtom> atoms)
    {
        _code = code;
        _atoms = atoms;
    }

    private readonly bool IsAtEnd => _position == _code.Length;

    private readonly char Next => _code[_position];

    /// <summary>Reads a code.</summary>
    /// <param name="code">The code; letter case counts.</param>
    /// <param name="atoms">The units there are.</param>
    /// <param name="unit">What it means.</param>
    /// <param name="fault">What is wrong with it, to stand behind a colon.</param>
    public static bool TryParse(
        string code,
        IReadOnlyDictionary<string, UnitAtom> atoms,
        [NotNullWhen(true)] out Unit? unit,
        out string fault)
    {
        unit = null;
        fault = code.Length == 0 ? "it is empty"
            : code.Length > Limits.UnitCharactersMax ? $"it is longer than {Limits.UnitCharactersMax} characters"
            : "";
        if (fault.Length > 0)
        {
            return false;
        }

        var parser = new UnitParser(code, atoms);
        var sum = new Term(default, UnitRatio.One);
        if (!parser.TryTerm(ref sum, depth: 0) || !parser.IsAtEnd)
        {
            fault = parser._fault.Length > 0 ? parser._fault
                : $"\"{code[parser._position]}\" may not stand at character {parser._position + 1}";
            return false;
        }

        if (parser._zero is not null && parser._components > 1)
        {
            fault = "a scale of temperature stands alone; a difference of temperature is in K";
            return false;
        }

        unit = new Unit(code, sum.Dimension, sum.Factor, parser._zero, parser._annotation.ToString());
        return true;
    }

    private bool TryTerm(ref Term sum, int depth)
    {
        int sign = 1;
        if (!IsAtEnd && Next == '/')
        {
            _position++;
            sign = -1;
        }

        while (true)
        {
            if (!TryComponent(ref sum, sign, depth))
            {
                return false;
            }

            if (IsAtEnd || Next is not ('.' or '/'))
            {
                return true;
            }

            sign = Next == '/' ? -1 : 1;
            _position++;
        }
    }

    private bool TryComponent(ref Term sum, int sign, int depth)
    {
        if (++_components > ComponentsMax)
        {
            return Refuse($"it has more than {ComponentsMax} parts");
        }

        if (IsAtEnd)
        {
            return Refuse("it ends where a unit should stand");
        }

        if (Next == '(')
        {
            return TryParentheses(ref sum, sign, depth);
        }

        if (Next == '{')
        {
            return TryAnnotation();
        }

        int start = _position;
        SkipSymbol();
        string symbol = _code[start.._position];
        if (symbol.Length == 0)
        {
            return false; // the caller names the character
        }

        return TrySymbol(symbol, ref sum, sign) && (IsAtEnd || Next != '{' || TryAnnotation());
    }

    private bool TryParentheses(ref Term sum, int sign, int depth)
    {
        _position++;
        var inner = new Term(default, UnitRatio.One);
        if (depth >= DepthMax)
        {
            return Refuse($"it is nested deeper than {DepthMax}");
        }

        if (!TryTerm(ref inner, depth + 1))
        {
            return false;
        }

        if (IsAtEnd || Next != ')')
        {
            return Refuse("a parenthesis is not closed");
        }

        _position++;
        sum = sum.Times(inner, sign);
        return true;
    }

    private bool TryAnnotation()
    {
        int close = _code.IndexOf('}', _position);
        if (close < 0)
        {
            return Refuse("a brace is not closed");
        }

        _annotation.Append(_code, _position, close + 1 - _position);
        _position = close + 1;
        return true;
    }

    /// <summary>Goes to the end of an atom with its exponent; what stands in brackets may be anything.</summary>
    private void SkipSymbol()
    {
        bool isInBrackets = false;
        while (!IsAtEnd && (isInBrackets || Next is not ('.' or '/' or '(' or ')' or '{' or '}')))
        {
            isInBrackets = Next == '[' || (isInBrackets && Next != ']');
            _position++;
        }
    }

    private bool TrySymbol(string symbol, ref Term sum, int sign)
    {
        if (symbol.All(char.IsAsciiDigit))
        {
            if (symbol.Length > FactorDigitsMax || symbol.Trim('0').Length == 0)
            {
                return Refuse($"\"{symbol}\" is no factor");
            }

            sum = sum.Times(new Term(default, UnitRatio.Parse(symbol)), sign);
            return true;
        }

        int end = symbol.Length;
        while (end > 0 && char.IsAsciiDigit(symbol[end - 1]))
        {
            end--;
        }

        end -= end > 0 && end < symbol.Length && symbol[end - 1] is '+' or '-' ? 1 : 0;
        string name = symbol[..end];
        int exponent = 1;
        if (end < symbol.Length && (!int.TryParse(
            symbol.AsSpan(end), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent)
            || Math.Abs(exponent) > ExponentMax))
        {
            return Refuse($"\"{symbol[end..]}\" is no exponent of −{ExponentMax} to {ExponentMax}");
        }

        if (!UnitTable.TryFind(_atoms, name, out UnitAtom? atom))
        {
            return Refuse($"\"{name}\" is no unit of UCUM");
        }

        _zero = atom!.Zero ?? _zero;
        if (atom.Zero is not null && exponent * sign != 1)
        {
            return Refuse("a scale of temperature stands alone; a difference of temperature is in K");
        }

        sum = sum.Times(new Term(atom.Dimension, atom.Factor), exponent * sign);
        return true;
    }

    private bool Refuse(string fault)
    {
        _fault = fault;
        return false;
    }

    private readonly record struct Term(UnitDimension Dimension, UnitRatio Factor)
    {
        public Term Times(in Term other, int power) =>
            new(Dimension.Plus(other.Dimension, power), Factor * other.Factor.ToPower(power));
    }
}
