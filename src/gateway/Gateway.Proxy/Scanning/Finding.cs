using System.Text.Json.Serialization;

namespace Gateway.Proxy.Scanning;

/// <summary>A finding in a definition that a person should see.</summary>
/// <param name="Kind">
/// <c>hidden_text</c>, <c>stray_characters</c>, <c>payload</c>, <c>clone</c>, <c>instruction</c>,
/// <c>default_value</c>, <c>look_alike</c> or <c>other_tool</c>.
/// </param>
/// <param name="IsHard">True if no ordinary definition has it; otherwise, a person may consider it harmless.</param>
/// <param name="Place">The JSON Pointer of the text.</param>
/// <param name="Reason">
/// A sentence about the finding. It repeats nothing of a server's own text except names. The hash of accepted findings
/// includes it, so a changed wording requires a new acceptance.
/// </param>
public sealed record Finding(string Kind, bool IsHard, string Place, string Reason)
{
    /// <summary>
    /// True for mere similarity, because banks that offer one payment method describe it in the same words, and for
    /// zero-width characters that an editor left beside words. Such a finding is shown, but it neither blocks a tool
    /// nor counts as a change.
    /// </summary>
    [JsonIgnore]
    public bool IsReportOnly => Kind is "clone" or "stray_characters";

    /// <summary>
    /// True for a soft finding that depends on the definition alone. A newer scanner may find it in a definition that
    /// was accepted and has not changed since.
    /// </summary>
    [JsonIgnore]
    public bool IsOfText => !IsHard && Kind is ("instruction" or "default_value" or "hidden_text" or "payload");
}
