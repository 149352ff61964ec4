using System.Text;

namespace Gateway.Policy.Samples;

/// <summary>
/// Generates texts that a simple regular expression matches: its first alternative and its last, each repetition as
/// short as possible. For unsupported syntax the text may not match; callers must test it.
/// </summary>
internal static class RegexSamples
{
    private const int LengthMax = 1000;

    public static IEnumerable<string> Of(string pattern)
    {
        if (pattern.Length is 0 or > LengthMax)
            return [];
        return ((bool[])[false, true]).Select(isLast => new Sample(pattern, isLast).Read()).Distinct();
    }

    private sealed class Sample(string pattern, bool isLast)
    {
        private int _at;

        public string Read()
        {
            var (chosen, isFirst) = ("", true);
            while (true)
            {
                var branch = Branch();
                if (isFirst || isLast)
                    chosen = branch;
                isFirst = false;
                if (_at >= pattern.Length || pattern[_at] != '|')
                    return chosen;
                _at++;
            }
        }

        private string Branch()
        {
            var text = new StringBuilder();
            while (_at < pattern.Length && pattern[_at] is not ('|' or ')'))
            {
                var piece = Piece();
                var times = Math.Min(Times(), LengthMax / Math.Max(1, piece.Length));
                for (var i = 0; i < times; i++)
                    text.Append(piece);
            }

            return text.ToString();
        }

        private string Piece()
        {
            var letter = pattern[_at++];
            switch (letter)
            {
                case '^' or '$':
                    return "";
                case '.':
                    return "x";
                case '\\' when _at < pattern.Length:
                    return Escaped(pattern[_at++]);
                case '[':
                    return Class();
                case '(':
                    if (_at + 1 < pattern.Length && pattern[_at] == '?')
                        _at = Math.Min(pattern.Length, _at + (pattern[_at + 1] is ':' ? 2 : 1));
                    var inner = Read();
                    _at = Math.Min(pattern.Length, _at + 1);
                    return inner;
                default:
                    return letter.ToString();
            }
        }

        private static string Escaped(char letter) => letter switch
        {
            'd' => "1",
            'w' or 'S' or 'D' => "x",
            's' or 'W' => " ",
            'b' or 'A' or 'z' or 'Z' => "",
            'n' => "\n",
            't' => "\t",
            _ => letter.ToString(),
        };

        private string Class()
        {
            var isNot = _at < pattern.Length && pattern[_at] == '^';
            if (isNot)
                _at++;
            var first = _at < pattern.Length ? pattern[_at] : 'x';
            if (first == '\\' && _at + 1 < pattern.Length)
                first = Escaped(pattern[_at + 1]) is [var one, ..] ? one : 'x';
            var end = pattern.IndexOf(']', Math.Min(pattern.Length, _at + 1));
            _at = end < 0 ? pattern.Length : end + 1;
            return isNot ? (first == 'x' ? "y" : "x") : first.ToString();
        }

        /// <summary>
        /// Returns the minimum number of repetitions, but at least one: an empty text is a poor sample.
        /// </summary>
        private int Times()
        {
            if (_at >= pattern.Length)
                return 1;
            var times = 1;
            if (pattern[_at] is '*' or '+' or '?')
                _at++;
            else if (pattern[_at] == '{' && pattern.IndexOf('}', _at) is > 0 and var end)
            {
                var digits = pattern[(_at + 1)..end].Split(',')[0];
                times = int.TryParse(digits, out var least) ? least : 1;
                _at = end + 1;
            }

            if (_at < pattern.Length && pattern[_at] is '?' or '+')
                _at++;
            return times;
        }
    }
}
