namespace Gateway.Control.Documents;

/// <summary>
/// The identity of a control document: its kind, and its name within the kind. Both compare byte for byte.
/// </summary>
public readonly record struct ControlKey : IComparable<ControlKey>
{
    /// <summary>The maximum length of a name in UTF-16 units; the identity of a counter is the longest name.</summary>
    public const int NameLengthMax = 1024;

    /// <summary>Creates the key of a document.</summary>
    /// <param name="kind">One of <see cref="ControlKinds"/>: 1 to 32 lower-case letters and hyphens.</param>
    /// <param name="name">Any text without control characters, of 1 to <see cref="NameLengthMax"/> units.</param>
    public ControlKey(string kind, string name)
    {
        if (kind is not { Length: > 0 and <= 32 } || kind.AsSpan().ContainsAnyExcept(ControlKinds.Letters))
            throw new ArgumentException($"\"{kind}\" is not a kind of control document.", nameof(kind));
        if (!IsValidName(name))
            throw new ArgumentException("A control document's name is empty, too long or unprintable.", nameof(name));
        (Kind, Name) = (kind, name);
    }

    /// <summary>The kind.</summary>
    public string Kind { get; }

    /// <summary>The name within the kind.</summary>
    public string Name { get; }

    /// <summary>Returns true if a document can have this name.</summary>
    public static bool IsValidName(string? name) =>
        name is { Length: > 0 and <= NameLengthMax } && !name.AsSpan().ContainsAnyInRange('\0', '\x1f');

    /// <summary>Compares by kind, then by name, both ordinal.</summary>
    public int CompareTo(ControlKey other)
    {
        var order = string.CompareOrdinal(Kind, other.Kind);
        return order != 0 ? order : string.CompareOrdinal(Name, other.Name);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Kind}/{Name}";

    /// <summary>Returns true if the left key comes before the right one.</summary>
    public static bool operator <(ControlKey left, ControlKey right) => left.CompareTo(right) < 0;

    /// <summary>Returns true if the left key comes after the right one.</summary>
    public static bool operator >(ControlKey left, ControlKey right) => left.CompareTo(right) > 0;

    /// <summary>Returns true if the left key does not come after the right one.</summary>
    public static bool operator <=(ControlKey left, ControlKey right) => left.CompareTo(right) <= 0;

    /// <summary>Returns true if the left key does not come before the right one.</summary>
    public static bool operator >=(ControlKey left, ControlKey right) => left.CompareTo(right) >= 0;
}
