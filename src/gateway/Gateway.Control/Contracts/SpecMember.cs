using System.Collections;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gateway.Policy.Text;

namespace Gateway.Control.Contracts;

/// <summary>A member of an object, read from its declaration.</summary>
/// <param name="Name">The name in JSON.</param>
/// <param name="Kind">The kind of value.</param>
/// <param name="Declared">The text, range and default.</param>
/// <param name="Get">Returns the value; null if it is absent.</param>
/// <param name="Set">Replaces the value.</param>
public sealed record SpecMember(
    string Name, MemberKind Kind, MemberAttribute Declared, Func<object, object?> Get, Action<object, object?> Set)
{
    /// <summary>The name in a sentence or as a label: <c>virtual tools</c>.</summary>
    public string Words => string.Concat(Name.Select(static letter =>
        char.IsUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : $"{letter}"));

    /// <summary>The name that every frontend of a fleet reads and returns during an upgrade to this release.</summary>
    public string NameOnWire => Declared.FormerName ?? Name;

    /// <summary>Returns the declared members of a type, in the order of their declaration.</summary>
    /// <exception cref="NotSupportedException">A member has a type without a kind.</exception>
    public static ImmutableArray<SpecMember> Of(JsonTypeInfo type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return
        [
            .. type.Properties.Select(Of).OfType<SpecMember>().OrderBy(static member => member.Declared.Order),
        ];
    }

    /// <summary>Returns the declared member; null if the property is not declared as one.</summary>
    public static SpecMember? Of(JsonPropertyInfo property)
    {
        ArgumentNullException.ThrowIfNull(property);
        return property.AttributeProvider?.GetCustomAttributes(typeof(MemberAttribute), inherit: true)
            is [MemberAttribute declared, ..] && property is { Get: { } get, Set: { } set }
                ? new SpecMember(property.Name, KindOf(property.PropertyType, declared), declared, get, set)
                : null;
    }

    /// <summary>
    /// Returns true if a value means the same as an absent member: free text that is empty, an empty map or object, or
    /// the first of the choices. A text that another rule reads, such as a time, has to pass that rule even if it is
    /// empty: an empty <c>expires</c> is a mistake and must not create a grant that never ends.
    /// </summary>
    public bool IsDefault(object? value) => value switch
    {
        null => true,
        string text => Kind == MemberKind.Choice ? text == Declared.Choices[0]
            : text.Length == 0 && Declared.LengthMax > 0,
        JsonElement json => json.ValueKind == JsonValueKind.Object && !json.EnumerateObject().Any(),
        ICollection all => all.Count == 0,
        _ => throw new NotSupportedException($"\"{Name}\" has a {value.GetType().Name}, which has no default."),
    };

    /// <summary>Returns the reason why a value is outside the declared range; null if it is not.</summary>
    public string? Problem(object? value) => value is not string text ? null
        : Kind == MemberKind.Choice && !Declared.Choices.Contains(text)
            ? $"\"{Name}\" must be one of {Quoted(Declared.Choices)}, not \"{Spelling.Shorten(text)}\""
                + Spelling.Suggest(text, Declared.Choices)
        : Declared.LengthMax > 0 && text.EnumerateRunes().Count() is var length && length > Declared.LengthMax
            ? $"\"{Name}\" has {length} characters; at most {Declared.LengthMax} are allowed"
        : null;

    private static string Quoted(IEnumerable<string> words) =>
        string.Join(", ", words.Select(static word => $"\"{word}\""));

    private static MemberKind KindOf(Type type, MemberAttribute declared) =>
        type == typeof(string) ? declared.Choices.Length > 0 ? MemberKind.Choice : MemberKind.Text
        : type == typeof(JsonElement?) ? MemberKind.Json
        : typeof(IDictionary).IsAssignableFrom(type) ? MemberKind.Map
        : throw new NotSupportedException($"A member of an object cannot be a {type.Name}.");
}
