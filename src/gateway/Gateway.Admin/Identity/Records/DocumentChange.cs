using Gateway.Control.Documents;

namespace Gateway.Admin.Identity.Records;

/// <summary>A change that is about to be made.</summary>
/// <param name="Action">What the operator does, in one word.</param>
/// <param name="Key">The document that changes.</param>
/// <param name="ExpectedVersion">The version that is replaced; 0 where there must be none.</param>
/// <param name="Content">The new document; null deletes it.</param>
/// <param name="Before">What was, as JSON without secrets; null where there was nothing.</param>
/// <param name="After">What is to be, as JSON without secrets; null where nothing is.</param>
public sealed record DocumentChange(
    string Action,
    ControlKey Key,
    long ExpectedVersion,
    byte[]? Content,
    byte[]? Before,
    byte[]? After)
{
    /// <summary>Why, in the operator's words; null where that was not said.</summary>
    public string? Reason { get; init; }

    /// <summary>The frontend where it is made; null if it is made for all frontends of the store.</summary>
    public string? Frontend { get; init; }

    /// <summary>Each change in words, of a document with many parts.</summary>
    public IReadOnlyList<string>? Changes { get; init; }

    /// <summary>The objects that change with it, as <c>policies/NAME</c>.</summary>
    public IReadOnlyList<string>? Objects { get; init; }
}
