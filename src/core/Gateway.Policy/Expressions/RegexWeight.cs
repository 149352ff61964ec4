using System.Globalization;

namespace Gateway.Policy.Expressions;

/// <summary>
/// Number of positions of an expression once its repetitions are expanded. If its automaton becomes too large to cache,
/// each character costs as much as there are positions.
/// </summary>
internal ref struct RegexWeight
{
    public const int Max = 1 << 20;

    private readonly ReadOnlySpan<char> _text;
    private int _at;

    private RegexWeight(string text) => _text = text;

    /// <summary>Returns the weight of an expression that the framework accepts.</summary>
    public static int Of(string text) => new RegexWeight(text).Sequence();

    private int Sequence()
    {
        var sum = 0L;
        while (_at < _text.Length && _text[_at] != ')')
        {
            // Separators and repetition marks are not positions.
            if (_text[_at] is '|' or '*' or '+' or '?')
                _at++;
            else
                sum = Math.Min(Max, sum + Math.Min(Max, (long)Atom() * Times()));
        }

        return (int)sum;
    }

    private int Atom()
    {
        var c = _text[_at++];
        switch (c)
        {
            case '\\':
                _at++;
                return 1;
            case '[':
                while (_at < _text.Length && _text[_at] != ']')
                    _at += _text[_at] == '\\' ? 2 : 1;
                _at++;
                return 1;
            case '(':
                if (_text[_at..].StartsWith("?:", StringComparison.Ordinal))
                    _at += 2;
                var inner = Sequence();
                _at++;
                return Math.Max(1, inner);
            default:
                return 1;
        }
    }

    private int Times()
    {
        if (_at >= _text.Length || _text[_at] != '{')
            return 1;
        var length = _text[_at..].IndexOf('}');
        if (length < 0)
            return 1;
        var bounds = _text.Slice(_at + 1, length - 1);
        var comma = bounds.IndexOf(',');
        var most = comma < 0 || comma == bounds.Length - 1 ? bounds.TrimEnd(',') : bounds[(comma + 1)..];
        if (!int.TryParse(most, NumberStyles.None, CultureInfo.InvariantCulture, out var times))
            return 1;
        _at += length + 1;
        return Math.Max(1, times);
    }
}
