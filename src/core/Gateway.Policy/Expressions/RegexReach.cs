namespace Gateway.Policy.Expressions;

/// <summary>
/// An upper bound of how far a match attempt can read. A search for all matches is quadratic if each attempt reads far
/// beyond the match that it returns: <c>A[^Z]*Z|AB</c> on <c>ABABAB…</c> reads to the end of the text every time. An
/// attempt consumes only characters that an unbounded repetition accepts, and at most <see cref="OthersMax"/> others,
/// so it ends at the next other character after that.
/// </summary>
internal sealed class RegexReach
{
    private const int Ascii = 128;

    private readonly bool[] _repeated = new bool[Ascii];
    private bool _repeatsOthers;

    private RegexReach()
    {
    }

    /// <summary>Maximum number of characters in one attempt that no unbounded repetition accepts.</summary>
    public int OthersMax { get; private set; }

    /// <summary>Reads an expression that the framework has accepted.</summary>
    public static RegexReach Of(string text)
    {
        var reach = new RegexReach();
        var parser = new Parser(text, reach);
        // A character beyond U+FFFF is one to the expression and two in the text.
        reach.OthersMax = (int)Math.Min(RegexWeight.Max, 2L * parser.Sequence(isRepeated: false));
        if (text.Contains("(?i", StringComparison.Ordinal))
            reach.IgnoreCase();
        return reach;
    }

    /// <summary>Starts a scan of one text.</summary>
    public Walk Over(string text) => new(this, text);

    private bool Repeats(char c) => c < Ascii ? _repeated[c] : _repeatsOthers;

    private void IgnoreCase()
    {
        for (var c = 'a'; c <= 'z'; c++)
            _repeated[c] = _repeated[char.ToUpperInvariant(c)] |= _repeated[c];
        // Letters outside ASCII fold into it, such as the Kelvin sign.
        _repeatsOthers |= Array.IndexOf(_repeated, true) >= 0;
    }

    /// <summary>
    /// Finds the ends of attempts, for starts in ascending order. All of them together take linear time in the text.
    /// </summary>
    public ref struct Walk(RegexReach reach, ReadOnlySpan<char> text)
    {
        private readonly ReadOnlySpan<char> _text = text;
        private int _start;
        private int _end;
        private int _others;

        /// <summary>
        /// Returns the position before which an attempt that began at <paramref name="start"/> has ended.
        /// </summary>
        public int EndOf(int start)
        {
            for (; _start < start; _start++)
            {
                if (_start < _end && !reach.Repeats(_text[_start]))
                    _others--;
            }

            for (_end = Math.Max(_end, start); _end < _text.Length && _others <= reach.OthersMax; _end++)
            {
                if (!reach.Repeats(_text[_end]))
                    _others++;
            }

            return _end;
        }
    }

    private ref struct Parser(ReadOnlySpan<char> text, RegexReach reach)
    {
        private readonly ReadOnlySpan<char> _text = text;
        private int _at;

        /// <summary>Alternatives are summed, which is at least as much as any of them.</summary>
        public int Sequence(bool isRepeated)
        {
            var sum = 0L;
            while (_at < _text.Length && _text[_at] != ')')
            {
                if (_text[_at] is '|')
                {
                    _at++;
                    continue;
                }

                var start = _at;
                var atom = Atom(isRepeated);
                var end = _at;
                var times = RegexRepetition.Read(_text, ref end);
                if (times is null && !isRepeated)
                {
                    // The quantifier follows the expression that it repeats, so that is read again.
                    _at = start;
                    Atom(isRepeated: true);
                }

                _at = end;
                sum = Math.Min(RegexWeight.Max, sum + (atom * (long)(times ?? 0)));
            }

            return (int)sum;
        }

        private int Atom(bool isRepeated)
        {
            var c = _text[_at++];
            switch (c)
            {
                case '\\':
                    Escape(isRepeated);
                    return 1;
                case '[':
                    Class(isRepeated);
                    return 1;
                case '(':
                    // The rest of a group's head counts as characters, which only increases the bound.
                    if (_text[_at..].StartsWith("?:", StringComparison.Ordinal))
                        _at += 2;
                    var inner = Sequence(isRepeated);
                    _at++;
                    return inner;
                default:
                    if (isRepeated && c == '.')
                        AddAll();
                    else if (isRepeated)
                        Add(c, c);
                    return 1;
            }
        }

        // The digits of \u0041 count as characters; \p{Lu} has a brace, which could be mistaken for a repetition.
        private void Escape(bool isRepeated)
        {
            var c = _text[_at++];
            if (c is 'p' or 'P')
                _at += _text[_at..].IndexOf('}') + 1;
            if (isRepeated)
                AddEscape(c);
        }

        private void Class(bool isRepeated)
        {
            // A negated class accepts too much to be worth distinguishing, unless it contains single characters.
            var isNegated = _text[_at] == '^';
            if (isRepeated && isNegated)
                AddNegated(_text[(_at + 1)..]);
            for (_at += isNegated ? 1 : 0; _at < _text.Length && _text[_at] != ']';)
            {
                var first = _text[_at++];
                var isEscape = first == '\\';
                if (isEscape)
                    first = _text[_at++];
                var last = first;
                if (_at + 1 < _text.Length && _text[_at] == '-' && _text[_at + 1] != ']')
                {
                    last = _text[_at + 1] == '\\' ? char.MaxValue : _text[_at + 1];
                    _at += 2;
                }

                if (!isRepeated || isNegated)
                    continue;
                if (isEscape)
                    AddEscape(first);
                Add(first, last);
            }

            _at++;
        }

        private readonly void AddNegated(ReadOnlySpan<char> rest)
        {
            var named = rest[..rest.IndexOf(']')];
            if (named.ContainsAny('\\', '-'))
                named = [];
            for (var c = '\0'; c < Ascii; c++)
                reach._repeated[c] |= !named.Contains(c);
            reach._repeatsOthers = true;
        }

        private readonly void AddEscape(char letter)
        {
            if (letter is 'b' or 'B')
                return;
            if (letter is 'd' or 'w' or 's')
            {
                Add(letter == 's' ? '\t' : '0', letter == 's' ? '\r' : '9');
                if (letter == 's')
                    Add(' ', ' ');
                if (letter == 'w')
                    AddWord();
            }
            else if (char.IsAsciiLetterOrDigit(letter))
                AddAll();
            else
                Add(letter, letter);
        }

        private readonly void AddWord()
        {
            Add('A', 'Z');
            Add('a', 'z');
            Add('_', '_');
        }

        private readonly void Add(char first, char last)
        {
            for (int c = first; c <= last && c < Ascii; c++)
                reach._repeated[c] = true;
            reach._repeatsOthers |= last >= Ascii;
        }

        private readonly void AddAll() => Add('\0', char.MaxValue);
    }
}
