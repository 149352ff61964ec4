namespace Gateway.Policy.Patterns;

/// <summary>
/// Simulates all partial matches of a pattern at once, with one bit per position, advanced by each character. There is
/// no backtracking, so a match costs the name's length times the number of words that hold the positions.
/// </summary>
internal sealed class GlobMachine
{
    private const int WordBits = 64;
    private const int AsciiMax = 0x80;
    private const int WordsOnStackMax = 16;

    // Row 0 is for characters that do not occur in the pattern.
    private readonly int[] _asciiRows = new int[AsciiMax];
    private readonly Dictionary<int, int> _rows = [];
    private readonly ulong[] _takes;
    private readonly ulong[] _runs;
    private readonly int _end;
    private readonly bool _endsInRun;

    public GlobMachine(ReadOnlySpan<int> tokens)
    {
        foreach (var token in tokens)
        {
            if (token >= 0 && _rows.TryAdd(token, _rows.Count + 1) && token < AsciiMax)
                _asciiRows[token] = _rows.Count;
            _end += token == Glob.AnyRun ? 0 : 1;
        }

        _runs = new ulong[(_end / WordBits) + 1];
        _takes = new ulong[(_rows.Count + 1) * _runs.Length];
        var place = 0;
        foreach (var token in tokens)
        {
            var (word, bit) = (place / WordBits, 1UL << (place % WordBits));
            if (token == Glob.AnyRun)
            {
                _runs[word] |= bit;
                continue;
            }

            var (first, last) = token == Glob.AnyOne ? (0, _rows.Count) : (_rows[token], _rows[token]);
            for (var row = first; row <= last; row++)
                _takes[(row * _runs.Length) + word] |= bit;
            place++;
        }

        _endsInRun = IsSet(_runs, _end);
    }

    /// <param name="name">The whole name to match.</param>
    /// <param name="isBarred">True if no run matches a marked separator.</param>
    /// <param name="steps">Number of words that were advanced.</param>
    public bool Matches(ReadOnlySpan<char> name, bool isBarred, out long steps)
    {
        steps = 0;
        var words = _runs.Length;
        var places = words <= WordsOnStackMax ? stackalloc ulong[words] : new ulong[words];
        places.Clear();
        places[0] = 1;
        for (var at = 0; at < name.Length;)
        {
            // A run at the end matches any rest.
            if (_endsInRun && !isBarred && IsSet(places, _end))
                return true;
            var point = Glob.CodePoint(name, at, out var width);
            at += width;
            steps += words;
            if (!Step(places, point, isRunBarred: isBarred && EscapedSeparators.Are(point)))
                return false;
        }

        return IsSet(places, _end);
    }

    // Returns false if no partial match is left.
    private bool Step(Span<ulong> places, int point, bool isRunBarred)
    {
        var row = point < AsciiMax ? _asciiRows[point] : _rows.GetValueOrDefault(point);
        var takes = _takes.AsSpan(row * places.Length, places.Length);
        var (carry, any) = (0UL, 0UL);
        for (var word = 0; word < places.Length; word++)
        {
            var moved = places[word] & takes[word];
            places[word] = (moved << 1) | carry | (isRunBarred ? 0 : places[word] & _runs[word]);
            carry = moved >> (WordBits - 1);
            any |= places[word];
        }

        return any != 0;
    }

    private static bool IsSet(ReadOnlySpan<ulong> places, int place) =>
        (places[place / WordBits] >> (place % WordBits) & 1) != 0;
}
