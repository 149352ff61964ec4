namespace Gateway.Policy.Json;

/// <summary>The kind of a JSON value.</summary>
public enum JsonKind
{
    /// <summary>The literal <c>null</c>.</summary>
    Null,
    /// <summary>The literal <c>false</c>.</summary>
    False,
    /// <summary>The literal <c>true</c>.</summary>
    True,
    /// <summary>A number, kept as it was written.</summary>
    Number,
    /// <summary>A string.</summary>
    String,
    /// <summary>An array.</summary>
    Array,
    /// <summary>An object.</summary>
    Object,
}
