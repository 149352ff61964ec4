using System.Buffers;

namespace Gateway.Policy.Results;

/// <summary>
/// Reads the parts of secrets in one text, from ascending positions. Overlapping candidates share their runs: the end
/// of an unbounded run is remembered for its part, so each part reads each character once.
/// </summary>
internal ref struct SecretReader
{
    private readonly ReadOnlySpan<char> _text;
    private readonly (int Start, int End)[] _runs;
    private int _digit = -1;

    public SecretReader(string text, int parts)
    {
        _text = text;
        _runs = new (int, int)[parts];
    }

    /// <summary>Number of characters read so far.</summary>
    public int Read { get; set; }

    /// <summary>Returns the end of the parts that begin at a position; -1 if not all of them match.</summary>
    /// <param name="parts">The parts of a format.</param>
    /// <param name="number">The index of the first of them among those of all formats.</param>
    /// <param name="at">The position.</param>
    public int EndOf(SecretPart[] parts, int number, int at)
    {
        foreach (var part in parts)
        {
            if (part.Text is { } literal)
            {
                if (!_text[at..].StartsWith(literal, StringComparison.Ordinal))
                    return -1;
                at += literal.Length;
            }
            else
            {
                var end = part.Max == SecretPart.Unbounded
                    ? RunEnd(part.Characters!, number, at)
                    : at + LengthOf(part.Characters!, at, part.Max);
                if (end - at < part.Min)
                    return -1;
                at = end;
            }

            number++;
        }

        return at;
    }

    /// <summary>Returns true if there is a digit between two positions.</summary>
    public bool HasDigit(int start, int end)
    {
        if (_digit < start)
        {
            var next = _text[start..].IndexOfAnyInRange('0', '9');
            _digit = next < 0 ? _text.Length : start + next;
            Read += _digit - start;
        }

        return _digit < end;
    }

    /// <summary>Returns the end of a run that no other candidate shares.</summary>
    public int LabelEnd(SearchValues<char> characters, int at) => at + LengthOf(characters, at, _text.Length);

    private int RunEnd(SearchValues<char> characters, int number, int at)
    {
        ref var run = ref _runs[number];
        if (at < run.Start || at >= run.End)
            run = (at, at + LengthOf(characters, at, _text.Length));
        return run.End;
    }

    private int LengthOf(SearchValues<char> characters, int at, int max)
    {
        var rest = _text.Slice(at, Math.Min(max, _text.Length - at));
        var length = rest.IndexOfAnyExcept(characters);
        length = length < 0 ? rest.Length : length;
        Read += length;
        return length;
    }
}
