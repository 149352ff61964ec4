using System.Collections.Immutable;

namespace Gateway.Policy.Documents;

/// <summary>How documents write the forms of values.</summary>
internal static class ValueForms
{
    /// <summary>In the order of <see cref="ValueForm"/>.</summary>
    public static ImmutableArray<string> Names { get; } = ["text", "lower", "digits", "number"];

    public static string NameOf(ValueForm form) => Names[(int)form];

    public static ValueForm Of(string? name) => (ValueForm)Math.Max(0, Names.IndexOf(name ?? ""));
}
