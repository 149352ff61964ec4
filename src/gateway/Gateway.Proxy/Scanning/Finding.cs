using System.Text.Json.Serialization;

namespace Gateway.Proxy.Scanning;

/// <summary>Something in a definition that a person should know of.</summary>
/// <param name="Kind"><c>hidden_text</c>, <c>stray_characters</c>, <c>payload</c>, <c>clone</c>, <c>instruction</c>,
/// <c>look_alike</c> or <c>other_tool</c>.</param>
/// <param name="IsHard">No ordinary definition has it; else a person may find it to be nothing.</param>
/// <param name="Place">The JSON Pointer of the text that has it.</param>
/// <param name="Reason">What was seen, as a sentence. It repeats no server's own text but names.</param>
public sealed record Finding(string Kind, bool IsHard, string Place, string Reason)
{
    /// <summary>
    /// True for similarity alone: banks that offer one payment method describe it in the same words; and for characters
    /// without width that an editor left beside words. It is shown, and neither blocks a tool nor counts as a change.
    /// </summary>
    [JsonIgnore]
    public bool IsReportOnly => Kind is "clone" or "stray_characters";
}
