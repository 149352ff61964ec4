using Gateway.Control.Documents;

namespace Gateway.Admin.Identity.Records;

/// <summary>A change that is about to be made.</summary>
/// <param name="Action">The operator's action, in one word.</param>
/// <param name="Key">The document that changes.</param>
/// <param name="ExpectedVersion">The version to replace; 0 if the document must not exist.</param>
/// <param name="Content">The new document; null deletes it.</param>
/// <param name="Before">The previous state, as JSON without secrets; null if there was none.</param>
/// <param name="After">The new state, as JSON without secrets; null if there is none.</param>
public sealed record DocumentChange(
    string Action,
    ControlKey Key,
    long ExpectedVersion,
    byte[]? Content,
    byte[]? Before,
    byte[]? After)
{
    /// <summary>The reason in the operator's words; null if none was given.</summary>
    public string? Reason { get; init; }

    /// <summary>The frontend where it is made; null if it is made for all frontends of the store.</summary>
    public string? Frontend { get; init; }

    /// <summary>A description of each change, for a document with many parts.</summary>
    public IReadOnlyList<string>? Changes { get; init; }

    /// <summary>The objects that change with it, as <c>policies/NAME</c>.</summary>
    public IReadOnlyList<string>? Objects { get; init; }
}
