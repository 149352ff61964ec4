using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Gateway.Policy.Json;
using Gateway.Policy.Patterns;

namespace Gateway.Policy.Lists;

/// <summary>Converts arguments and listed values into the form in which they are compared.</summary>
internal static class ValueForms
{
    /// <summary>The values of <c>as</c>, in the order of <see cref="ValueForm"/>.</summary>
    public static ImmutableArray<string> Names { get; } = ["text", "lower", "digits", "number"];

    /// <summary>Returns the form's name in documents.</summary>
    public static string NameOf(ValueForm form) => Names[(int)form];

    /// <summary>Returns the form of this name; the whole text for an unknown name or none.</summary>
    public static ValueForm Named(string? name) => (ValueForm)Math.Max(0, Names.IndexOf(name ?? ""));

    /// <summary>Converts an argument; null if it lacks this form, or if the budget does not suffice.</summary>
    public static string? OfArgument(ValueForm form, JsonNode argument, WorkBudget work)
    {
        if (argument.Kind != JsonKind.String && (form != ValueForm.Number || argument.Kind != JsonKind.Number))
            return null;
        if (!work.SpendText(argument.Text))
            return null;
        return form == ValueForm.Host ? UrlHost.OfUrl(argument.Text) : Of(form, argument.Text);
    }

    /// <summary>Converts a listed value; null if it lacks this form.</summary>
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

    // One server reads "12٣" as 123 and another as 12. With either interpretation, a value could be found here that the
    // server reads as another number. Such a text therefore has no digits.
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

/// <summary>The form in which a value is compared with a list, or distinguished from other values by a limit.</summary>
public enum ValueForm
{
    /// <summary>A string, byte for byte.</summary>
    Text,

    /// <summary>A string in lowercase.</summary>
    Lower,

    /// <summary>The digits of a string.</summary>
    Digits,

    /// <summary>A number, or a string with the grammar of one.</summary>
    Number,

    /// <summary>The host of a URL; in the list, a host.</summary>
    Host,
}
