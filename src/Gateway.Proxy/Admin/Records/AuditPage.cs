using System.Text.Json;

namespace Gateway.Proxy.Admin.Records;

/// <summary>Audit records in the order in which they were written.</summary>
/// <param name="Items">The records as they stand in the log.</param>
/// <param name="Next">
/// The <c>cursor</c> that goes on from here; always there, since more may be written.
/// </param>
/// <param name="More">Whether there was more to read when this page was cut.</param>
internal sealed record AuditPage(IReadOnlyList<JsonElement> Items, string Next, bool More);
