using System.Globalization;
using Gateway.Policy.Json;

namespace Gateway.Policy.Results;

/// <summary>
/// <c>card_number</c>: 13 to 19 digits of a known card brand whose last digit checks (Luhn, ISO/IEC 7812), together or
/// in the groups that cards have, with a space, a hyphen or a dot between them. Not what stands behind a decimal point.
/// </summary>
internal sealed class CardNumbers : TextPattern
{
    private const int DigitsMin = 13;
    private const int DigitsMax = 19;
    private const int GroupsMax = 5;

    public override string Name => "a card number";

    public override void Find(string text, WorkBudget work, List<TextSpan> found)
    {
        if (!work.Spend(1 + (text.Length / WorkBudget.CharactersPerStep)))
            return;
        Span<TextSpan> groups = stackalloc TextSpan[GroupsMax];
        for (var at = NextGroup(text, 0); at.Length > 0;)
        {
            var count = Groups(text, at, groups);
            if (Longest(text, groups[..count]) is { Length: > 0 } card)
            {
                found.Add(card);
                at = NextGroup(text, card.End);
            }
            else
                at = NextGroup(text, at.End);
        }
    }

    /// <summary>The group and those behind it that one separator joins.</summary>
    private static int Groups(string text, TextSpan first, Span<TextSpan> groups)
    {
        groups[0] = first;
        var count = 1;
        while (count < GroupsMax && groups[count - 1].End < text.Length && IsSeparator(text[groups[count - 1].End]))
        {
            var next = GroupAt(text, groups[count - 1].End + 1);
            if (next.Length == 0)
                break;
            groups[count++] = next;
        }

        return count;
    }

    private static TextSpan Longest(string text, ReadOnlySpan<TextSpan> groups)
    {
        for (var count = groups.Length; count > 0; count--)
        {
            var span = new TextSpan(groups[0].Start, groups[count - 1].End - groups[0].Start);
            if (count == 1 ? !IsFraction(text, span) : AreOfCard(groups[..count]))
            {
                if (IsCard(text.AsSpan(span.Start, span.Length)))
                    return span;
            }
        }

        return default;
    }

    // 4-4-4-4 and longer, American Express's 4-6-5 and Diners' 4-6-4.
    private static bool AreOfCard(ReadOnlySpan<TextSpan> groups) => groups.Length switch
    {
        3 => groups[0].Length == 4 && groups[1].Length == 6 && groups[2].Length is 4 or 5,
        4 or 5 => groups[0].Length == 4 && groups[1].Length == 4 && groups[2].Length == 4
            && groups[3].Length is >= 1 and <= 4 && (groups.Length == 4 || groups[3].Length == 4),
        _ => false,
    };

    private static bool IsFraction(string text, TextSpan span) =>
        (span.Start > 1 && text[span.Start - 1] == '.' && char.IsDigit(text[span.Start - 2]))
        || (span.End + 1 < text.Length && text[span.End] == '.' && char.IsDigit(text[span.End + 1]));

    private static bool IsCard(ReadOnlySpan<char> written)
    {
        Span<byte> digits = stackalloc byte[DigitsMax];
        var count = 0;
        foreach (var c in written)
        {
            if (DigitOf(c) is not (>= 0 and var digit))
                continue;
            if (count == DigitsMax)
                return false;
            digits[count++] = (byte)digit;
        }

        return count >= DigitsMin && IsBrand(digits[..count]) && Checks(digits[..count]);
    }

    private static bool IsBrand(ReadOnlySpan<byte> digits)
    {
        var four = (((((digits[0] * 10) + digits[1]) * 10) + digits[2]) * 10) + digits[3];
        return four switch
        {
            >= 4000 and < 5000 => digits.Length is 13 or 16 or 19,
            (>= 5100 and < 5600) or (>= 2221 and <= 2720) => digits.Length == 16,
            (>= 3400 and < 3500) or (>= 3700 and < 3800) => digits.Length == 15,
            (>= 3000 and < 3060) or (>= 3600 and < 3700) or (>= 3800 and < 4000) => digits.Length is 14 or 16,
            (>= 3528 and < 3590) or (>= 6000 and < 7000) or (>= 8100 and < 8200) => digits.Length >= 16,
            (>= 5000 and < 5100) or (>= 5600 and < 5900) => digits.Length is 13 or 15 or 16 or 18 or 19,
            _ => false,
        };
    }

    private static bool Checks(ReadOnlySpan<byte> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)];
            var weighed = i % 2 == 0 ? digit : digit * 2;
            sum += weighed > 9 ? weighed - 9 : weighed;
        }

        return sum % 10 == 0;
    }

    private static TextSpan NextGroup(string text, int at)
    {
        while (at < text.Length && DigitOf(text[at]) < 0)
            at++;
        return GroupAt(text, at);
    }

    private static TextSpan GroupAt(string text, int start)
    {
        var end = start;
        while (end < text.Length && DigitOf(text[end]) >= 0)
            end++;
        return new TextSpan(start, end - start);
    }

    // A digit of any script is one to whoever reads it, full-width ones above all.
    private static int DigitOf(char c) =>
        char.IsAsciiDigit(c) ? c - '0' : c < 0x80 ? -1 : CharUnicodeInfo.GetDecimalDigitValue(c);

    private static bool IsSeparator(char c) => c is ' ' or '-' or '.' or '\u00A0' or '\u2010' or '\u2011';
}
