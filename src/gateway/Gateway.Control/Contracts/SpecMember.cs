using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gateway.Policy.Json;
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
    /// <summary>The name as words for a sentence or a label: <c>virtual tools</c>.</summary>
    public string Words => string.Concat(Name.Select(static letter =>
        char.IsUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : $"{letter}"));

    /// <summary>The label of its field in the console.</summary>
    public string Title => Declared.Title ?? char.ToUpperInvariant(Words[0]) + Words[1..];

    /// <summary>The name that frontends of this and the previous release can read during an upgrade.</summary>
    public string NameOnWire => Declared.FormerName ?? Name;

    /// <summary>The type of the value.</summary>
    public required JsonTypeInfo Type { get; init; }

    /// <summary>The members of the value if it is an object with declared members.</summary>
    public ImmutableArray<SpecMember> Members { get; private init; } = [];

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
        if (property.AttributeProvider?.GetCustomAttributes(typeof(MemberAttribute), inherit: true)
            is not [MemberAttribute declared, ..] || property is not { Get: { } get, Set: { } set })
        {
            return null;
        }

        var type = property.Options.GetTypeInfo(property.PropertyType);
        var members = Of(type);
        var kind = members.IsEmpty ? KindOf(property.PropertyType, declared) : MemberKind.Object;
        return new SpecMember(property.Name, kind, declared, get, set) { Type = type, Members = members };
    }

    /// <summary>
    /// Returns true if a value means the same as an absent member: free text that is empty, an empty map or object, or
    /// the first of the choices if that is the default. A text that another rule reads, such as a time, must pass that
    /// rule even if it is empty: an empty <c>expires</c> is a mistake and must not create a grant that never ends.
    /// </summary>
    public bool IsDefault(object? value) => value switch
    {
        null => true,
        string text => Kind == MemberKind.Choice ? Declared.HasDefault && text == Declared.Choices[0]
            : text.Length == 0 && Declared.LengthMax > 0,
        JsonElement json => json.ValueKind == JsonValueKind.Object && !json.EnumerateObject().Any(),
        ICollection all => all.Count == 0,
        int => false,
        _ => throw new NotSupportedException($"\"{Name}\" has a {value.GetType().Name}, which has no default."),
    };

    /// <summary>Returns each value out of range, as its JSON Pointer below the owner and the reason.</summary>
    public IEnumerable<(string Pointer, string Message)> Problems(object owner)
    {
        var value = Get(owner);
        IEnumerable<(string Pointer, string? Message)> problems = Kind switch
        {
            _ when value is null => [],
            MemberKind.Text or MemberKind.Choice => [("", Problem((string)value))],
            MemberKind.Whole => [("", Problem(Convert.ToInt64(value, CultureInfo.InvariantCulture)))],
            MemberKind.List => Problems((List<string>)value),
            MemberKind.WholeMap => ((Dictionary<string, int>)value).Select(
                one => (JsonPointer.Append(JsonPointer.Root, one.Key), Problem(one.Value))),
            MemberKind.Object => Members.SelectMany(member => member.Problems(value)
                .Select(static one => (one.Pointer, (string?)one.Message))),
            MemberKind.Flag or MemberKind.Map or MemberKind.Json => [],
            _ => throw new NotSupportedException($"\"{Name}\" has the kind {Kind}."),
        };
        foreach (var (pointer, message) in problems)
        {
            if (message is not null)
                yield return ($"/{Name}{pointer}", message);
        }
    }

    private IEnumerable<(string Pointer, string? Message)> Problems(List<string> values) =>
        values.Select((value, at) => ($"/{at}", ProblemOfValue(value)))
            .Prepend(("", values.Count < Declared.CountMin || values.Count > Declared.CountMax
                ? $"\"{Name}\" must have {Declared.CountMin} to {Declared.CountMax} values, not "
                    + $"{values.Count}" : null));

    private string? ProblemOfValue(string? value) => value is null ? "this must be a string, not null"
        : Declared.Choices.Length > 0 && !Declared.Choices.Contains(value)
            ? $"\"{Name}\" allows {Quoted(Declared.Choices)}, not \"{Spelling.Shorten(value)}\""
                + Spelling.Suggest(value, Declared.Choices)
        : Declared.ValueLengthMax > 0 && (value.Length == 0 || value.Length > Declared.ValueLengthMax)
            ? $"this has {value.Length} characters; 1 to {Declared.ValueLengthMax} are allowed"
        : null;

    private string? Problem(long number) => number >= Declared.Min && number <= Declared.Max ? null
        : $"{number} is not a whole number from {Declared.Min} to {Declared.Max}";

    private string? Problem(string text) => Kind == MemberKind.Choice && !Declared.Choices.Contains(text)
            ? $"\"{Name}\" must be one of {Quoted(Declared.Choices)}, not \"{Spelling.Shorten(text)}\""
                + Spelling.Suggest(text, Declared.Choices)
        : Declared is { LengthMin: 0, LengthMax: > 0 } && text.EnumerateRunes().Count() is var length
            && length > Declared.LengthMax
            ? $"\"{Name}\" has {length} characters; at most {Declared.LengthMax} are allowed"
        : null;

    private static string Quoted(IEnumerable<string> words) =>
        string.Join(", ", words.Select(static word => $"\"{word}\""));

    private static MemberKind KindOf(Type type, MemberAttribute declared) =>
        type == typeof(string) ? declared.Choices.Length > 0 ? MemberKind.Choice : MemberKind.Text
        : type == typeof(bool?) ? MemberKind.Flag
        : type == typeof(int?) || type == typeof(long?) ? MemberKind.Whole
        : type == typeof(List<string>) ? MemberKind.List
        : type == typeof(Dictionary<string, int>) ? MemberKind.WholeMap
        : type == typeof(JsonElement?) || typeof(IList).IsAssignableFrom(type) ? MemberKind.Json
        : typeof(IDictionary).IsAssignableFrom(type) ? MemberKind.Map
        : throw new NotSupportedException($"A member of an object cannot be a {type.Name}.");
}

/// <summary>Operations on all declared members of an object.</summary>
public static class SpecMembers
{
    extension(ImmutableArray<SpecMember> members)
    {
        /// <summary>Returns the JSON Pointer of each member outside its range, with the reason.</summary>
        public IEnumerable<(string Pointer, string Message)> Problems(object spec) =>
            members.SelectMany(member => member.Problems(spec));

        /// <summary>Copies the members to another object that has them; returns that object.</summary>
        public T Copy<T>(object from, T to)
            where T : notnull
        {
            foreach (var member in members)
                member.Set(to, member.Get(from));
            return to;
        }

        /// <summary>Removes the values that mean the same as absent members.</summary>
        public void RemoveDefaults(object spec)
        {
            foreach (var member in members.Where(member => member.IsDefault(member.Get(spec))))
                member.Set(spec, null);
        }

        /// <summary>Sets the members that are absent in one object and present in another.</summary>
        public void AddMissing(object spec, object other)
        {
            foreach (var member in members.Where(member => member.Get(spec) is null))
                member.Set(spec, member.Get(other));
        }
    }
}
