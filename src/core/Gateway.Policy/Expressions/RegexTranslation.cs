using System.Buffers;
using System.Globalization;
using System.Text;

namespace Gateway.Policy.Expressions;

/// <summary>
/// Translates an expression of the ECMAScript dialect, which JSON authors use, into the framework's dialect.
/// </summary>
internal ref struct RegexTranslation
{
    private const string Pair = @"[\uD800-\uDBFF][\uDC00-\uDFFF]";
    private const string AnyCharacter = @"(?:[^\n\r\u2028\u2029\uD800-\uDFFF]|" + Pair + ")";

    private static readonly SearchValues<char> Options = SearchValues.Create("imnsx-");

    private readonly string _text;
    private readonly StringBuilder _out = new();
    private int _at;
    private string? _problem;

    private RegexTranslation(string text) => _text = text;

    /// <summary>Translates the text; null, with a problem, if it has no equivalent.</summary>
    public static string? Translate(string text, out string problem)
    {
        var translation = new RegexTranslation(text);
        while (translation._at < text.Length && translation._problem is null)
            translation.Next();
        problem = translation._problem ?? "";
        return translation._problem is null ? translation._out.ToString() : null;
    }

    private void Next()
    {
        var c = _text[_at];
        switch (c)
        {
            case '\\':
                Escape();
                return;
            case '[':
                Class();
                return;
            case '(':
                Group();
                return;
            case '$':
                _out.Append(@"\z");
                break;
            case '.':
                _out.Append(AnyCharacter);
                break;
            case '#' or ' ':
                _out.Append('\\').Append(c);
                break;
            default:
                if (char.IsHighSurrogate(c) && _at + 1 < _text.Length)
                    _out.Append("(?:").Append(c).Append(_text[++_at]).Append(')');
                else
                    _out.Append(c);
                break;
        }

        _at++;
    }

    private void Escape()
    {
        if (_at + 1 == _text.Length)
        {
            _problem = "the expression ends in a backslash";
            return;
        }

        var c = _text[_at + 1];
        if (RegexClasses.Ranges(c) is { } ranges)
        {
            _out.Append(RegexClasses.IsNegated(c) ? $"(?:[{ranges}]|{Pair})" : $"[{ranges}]");
            _at += 2;
        }
        else if (c == 'u')
        {
            Unit();
        }
        else if (c is 'A' or 'z' or 'Z' or 'G' or 'a' or 'e')
        {
            _problem = $"\\{c} is not part of the ECMAScript dialect: use ^ and $";
        }
        else
        {
            _out.Append('\\').Append(c);
            _at += 2;
        }
    }

    // \uD83D\uDE00 is one character, as the two code units themselves would be.
    private void Unit()
    {
        if (!TryUnit(_at, out var unit))
        {
            _problem = "\\u takes four hexadecimal digits";
            return;
        }

        if (!char.IsSurrogate(unit))
        {
            _out.Append(_text, _at, 6);
            _at += 6;
            return;
        }

        if (char.IsHighSurrogate(unit) && TryUnit(_at + 6, out var low) && char.IsLowSurrogate(low))
        {
            _out.Append("(?:").Append(_text, _at, 12).Append(')');
            _at += 12;
            return;
        }

        _problem = "half of a surrogate pair is not a character";
    }

    private readonly bool TryUnit(int at, out char unit)
    {
        unit = '\0';
        if (at + 6 > _text.Length || _text[at] != '\\' || _text[at + 1] != 'u')
            return false;
        var isUnit = ushort.TryParse(
            _text.AsSpan(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value);
        unit = (char)value;
        return isUnit;
    }

    private void Group()
    {
        _out.Append('(');
        _at++;
        if (_at >= _text.Length || _text[_at] != '?')
            return;
        var end = _text.AsSpan(_at + 1).IndexOfAnyExcept(Options);
        if (end > 0 && _text.AsSpan(_at + 1, end) is not "i")
            _problem = "(?i) is the only supported inline option";
        if (end == 0 && _text[_at + 1] is not (':' or '=' or '!' or '<' or '>'))
            _problem = "this kind of group is not supported";
        _out.Append('?');
        _at++;
    }

    private void Class()
    {
        var negated = _at + 1 < _text.Length && _text[_at + 1] == '^';
        var ranges = new StringBuilder();
        var takesPairs = false;
        _at += negated ? 2 : 1;
        var start = _at;
        while (_problem is null && (_at == _text.Length || _text[_at] != ']'))
            ClassPart(ranges, ref takesPairs);
        if (_problem is null && _at == start)
            _problem = "an empty class [] is not supported";
        _at++;
        if (_problem is not null)
            return;

        // A code point beyond the first 65,536 is outside every listed class, so a negated class accepts it whole.
        if (negated)
            _out.Append(takesPairs ? $"[^{ranges}\\uD800-\\uDFFF]" : $"(?:[^{ranges}\\uD800-\\uDFFF]|{Pair})");
        else
            _out.Append(takesPairs ? $"(?:[{ranges}]|{Pair})" : $"[{ranges}]");
    }

    private void ClassPart(StringBuilder ranges, ref bool takesPairs)
    {
        if (_at == _text.Length)
        {
            _problem = "a class is not closed: ']' is missing";
            return;
        }

        var c = _text[_at];
        if (char.IsSurrogate(c))
        {
            _problem = "a character above U+FFFF cannot be in a character class: write alternatives, such as (?:a|b)";
        }
        else if (c == '\\' && _at + 1 < _text.Length)
        {
            ClassEscape(_text[_at + 1], ranges, ref takesPairs);
        }
        else
        {
            // '[' is a literal here; in the framework's dialect it could begin a subtraction.
            ranges.Append(c == '[' ? @"\[" : c.ToString());
            _at++;
        }
    }

    private void ClassEscape(char c, StringBuilder ranges, ref bool takesPairs)
    {
        if (c == 'u' && (!TryUnit(_at, out var unit) || char.IsSurrogate(unit)))
        {
            _problem = "\\u in a class takes four hexadecimal digits of a character up to U+FFFF";
            return;
        }

        takesPairs |= RegexClasses.IsNegated(c);
        var set = RegexClasses.Ranges(c);
        ranges.Append(set ?? $"\\{c}");
        _at += 2;

        // After a set, '-' cannot begin a range and is a literal.
        if (set is null || _at == _text.Length || _text[_at] != '-')
            return;
        ranges.Append(@"\-");
        _at++;
    }
}

/// <summary><c>\d \w \s</c> and their opposites as ASCII ranges, for use inside a class.</summary>
internal static class RegexClasses
{
    // The opposites omit the surrogates: a surrogate pair is one character and is added as such.
    public static string? Ranges(char letter) => letter switch
    {
        'd' => "0-9",
        'w' => "A-Za-z0-9_",
        's' => @"\t-\r ",
        'D' => @"\u0000-\u002F\u003A-\uD7FF\uE000-\uFFFF",
        'W' => @"\u0000-\u002F\u003A-\u0040\u005B-\u005E\u0060\u007B-\uD7FF\uE000-\uFFFF",
        'S' => @"\u0000-\u0008\u000E-\u001F\u0021-\uD7FF\uE000-\uFFFF",
        _ => null,
    };

    public static bool IsNegated(char letter) => letter is 'D' or 'W' or 'S';
}
