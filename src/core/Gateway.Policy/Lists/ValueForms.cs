using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Gateway.Policy.Json;
using Gateway.Policy.Patterns;

namespace Gateway.Policy.Lists;

/// <summary>Brings arguments and listed values into the form in which they are compared.</summary>
internal static class ValueForms
{
    /// <summary>What <c>as</c> may say, in the order of <see cref="ValueForm"/>.</summary>
    public static ImmutableArray<string> Names { get; } = ["text", "lower", "digits", "number"];

    /// <summary>As documents write it.</summary>
    public static string NameOf(ValueForm form) => Names[(int)form];

    /// <summary>The form of this name; of another name, or none, all of the text.</summary>
    public static ValueForm Named(string? name) => (ValueForm)Math.Max(0, Names.IndexOf(name ?? ""));

    /// <summary>Null where the argument has no such form, or the budget does not reach.</summary>
    public static string? OfArgument(ValueForm form, JsonNode argument, WorkBudget work)
    {
        if (argument.Kind != JsonKind.String && (form != ValueForm.Number || argument.Kind != JsonKind.Number))
            return null;
        if (!work.SpendText(argument.Text))
            return null;
        return form == ValueForm.Host ? UrlHost.OfUrl(argument.Text) : Of(form, argument.Text);
    }

    /// <summary>Null where the listed value has no such form.</summary>
    public static string? Of(ValueForm form, string value) => form switch
    {
        ValueForm.Text => value,
        ValueForm.Lower => value.ToLowerInvariant(),
        ValueForm.Digits => Digits(value),
        ValueForm.Number => JsonDecimal.TryParse(value, out var number)
            ? $"{number.Sign} {number.Scale} {number.Digits}"
            : null,
        ValueForm.Host => UrlHost.Normalise(value),
        _ => throw new NotSupportedException($"ValueForm {form} has no case here."),
    };

    // Of "12٣", one server reads 123 and another 12. Whichever were taken here, a value could be found by which the
    // server's reader is led to another number: it has no digits that are known.
    private static string? Digits(string value)
    {
        var digits = new StringBuilder(value.Length);
        foreach (var rune in value.EnumerateRunes())
        {
            if (rune is { IsAscii: true, Value: >= '0' and <= '9' })
                digits.Append((char)rune.Value);
            else if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.OtherNumber
                or UnicodeCategory.LetterNumber)
                return null;
        }

        return digits.Length == 0 ? null : digits.ToString();
    }
}
