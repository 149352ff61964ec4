using Gateway.Policy.Json;

namespace Gateway.Policy.Results;

/// <summary>
/// <c>card_number</c>: 13 to 19 digits of a known card brand with a valid check digit (Luhn, ISO/IEC 7812): together,
/// in the groups of that brand with separators between them, or as a floating-point number of that value. A number with
/// a nonzero fraction does not match.
/// </summary>
internal sealed class CardNumbers : TextPattern
{
    private const int DigitsMin = 13;
    private const int DigitsMax = 19;
    private const int GroupsMax = 5;
    private const int NumberLengthMax = 64;
    private const int CharactersPerStep = 4;

    public override string Name => "a card number";

    public override void Find(string text, WorkBudget work, List<TextSpan> found)
    {
        if (!work.Spend(1 + (text.Length / WorkBudget.CharactersPerStep)))
            return;
        Span<DigitGroup> groups = stackalloc DigitGroup[GroupsMax];
        for (var at = DigitGroup.Next(text, 0); at.Digits > 0;)
        {
            var count = Groups(text, at, groups);
            if (!work.Spend(1 + ((groups[count - 1].End - at.Start) / CharactersPerStep)))
                return;
            var card = NumberAt(text, at.Start);
            if (card.Length == 0)
                card = Longest(text, groups[..count]);
            if (card.Length > 0)
            {
                if (!work.Spend(WorkBudget.StepsPerFind))
                    return;
                found.Add(card);
            }

            at = DigitGroup.Next(text, Math.Max(at.End, card.End));
        }
    }

    /// <summary>Reads the group and the groups after it that one separator each joins.</summary>
    private static int Groups(string text, DigitGroup first, Span<DigitGroup> groups)
    {
        groups[0] = first;
        var count = 1;
        while (count < GroupsMax && groups[count - 1].Digits <= DigitsMax)
        {
            var next = DigitGroup.Behind(text, groups[count - 1].End);
            if (next.Digits == 0)
                break;
            groups[count++] = next;
        }

        return count;
    }

    private static TextSpan Longest(string text, ReadOnlySpan<DigitGroup> groups)
    {
        for (var count = groups.Length; count > 0; count--)
        {
            var span = new TextSpan(groups[0].Start, groups[count - 1].End - groups[0].Start);
            if (count == 1 ? !IsFraction(text, span) : AreOfCard(groups[..count]))
            {
                if (IsCard(text, groups[..count]))
                    return span;
            }
        }

        return default;
    }

    /// <summary>
    /// Reads a number with a fraction or an exponent, such as <c>4111111111111111.0</c> and
    /// <c>4.111111111111111e15</c>, which is how serializers write whole doubles.
    /// </summary>
    private static TextSpan NumberAt(string text, int start)
    {
        if (start > 0 && (char.IsAsciiDigit(text[start - 1]) || IsFraction(text, new TextSpan(start, 0))))
            return default;
        var rest = text.AsSpan(start, Math.Min(NumberLengthMax, text.Length - start));
        var length = DigitsLength(rest);
        var whole = length;
        if (length + 1 < rest.Length && rest[length] == '.' && char.IsAsciiDigit(rest[length + 1]))
            length += 1 + DigitsLength(rest[(length + 1)..]);
        if (length < rest.Length && rest[length] is 'e' or 'E')
        {
            var sign = length + 1 < rest.Length && rest[length + 1] is '+' or '-' ? 1 : 0;
            var exponent = DigitsLength(rest[(length + 1 + sign)..]);
            length += exponent > 0 ? 1 + sign + exponent : 0;
        }

        if (length == whole || length == NumberLengthMax
            || !JsonDecimal.TryParse(rest[..length], out var number)
            || !number.IsInteger || number.Scale is < DigitsMin or > DigitsMax)
        {
            return default;
        }

        Span<byte> digits = stackalloc byte[(int)number.Scale];
        digits.Clear();
        for (var i = 0; i < number.Digits.Length; i++)
            digits[i] = (byte)(number.Digits[i] - '0');
        return IsCard(digits) ? new TextSpan(start, length) : default;
    }

    private static int DigitsLength(ReadOnlySpan<char> text)
    {
        var length = text.IndexOfAnyExceptInRange('0', '9');
        return length < 0 ? text.Length : length;
    }

    // 4-4-4-4 and longer, American Express's 4-6-5 and Diners' 4-6-4.
    private static bool AreOfCard(ReadOnlySpan<DigitGroup> groups) => groups.Length switch
    {
        3 => groups[0].Digits == 4 && groups[1].Digits == 6 && groups[2].Digits is 4 or 5,
        4 or 5 => groups[0].Digits == 4 && groups[1].Digits == 4 && groups[2].Digits == 4
            && groups[3].Digits is >= 1 and <= 4 && (groups.Length == 4 || groups[3].Digits == 4),
        _ => false,
    };

    private static bool IsFraction(string text, TextSpan span) =>
        (span.Start > 1 && text[span.Start - 1] == '.' && char.IsDigit(text[span.Start - 2]))
        || (span.End + 1 < text.Length && text[span.End] == '.' && char.IsDigit(text[span.End + 1]));

    private static bool IsCard(string text, ReadOnlySpan<DigitGroup> groups)
    {
        var count = 0;
        foreach (var group in groups)
            count += group.Digits;
        if (count is < DigitsMin or > DigitsMax)
            return false;
        Span<byte> digits = stackalloc byte[DigitsMax];
        var at = groups[0].Start;
        for (var i = 0; i < count; at++)
        {
            if (DigitGroup.DigitAt(text, at) is >= 0 and var digit)
                digits[i++] = (byte)digit;
        }

        return IsCard(digits[..count]);
    }

    private static bool IsCard(ReadOnlySpan<byte> digits) => IsBrand(digits) && Checks(digits);

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
}
