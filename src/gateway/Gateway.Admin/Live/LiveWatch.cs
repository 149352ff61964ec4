using System.Text.Json;
using Gateway.Control.Documents;

namespace Gateway.Admin.Live;

/// <summary>
/// The control document that says that somebody views decisions. Gateways use the time at which they saw it change, not
/// each other's clocks.
/// </summary>
/// <param name="Round">A number that rises with each write; the numbers of entries depend on it.</param>
/// <param name="First">The round in which this viewing session started.</param>
/// <param name="Since">The start of this viewing session.</param>
/// <param name="Until">The end of this viewing session, unless it is renewed.</param>
internal sealed record LiveWatch(long Round, long First, DateTimeOffset Since, DateTimeOffset Until)
{
    /// <summary>The validity of the document.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromMinutes(1);

    /// <summary>The age at which a gateway with viewers renews the document.</summary>
    public static readonly TimeSpan RenewedAfter = TimeSpan.FromSeconds(25);

    public static readonly ControlKey Key = new(ControlKinds.Watches, "decisions");

    /// <summary>Returns the version of the document, 0 for none, and its content, null if it cannot be read.</summary>
    public static (long Version, LiveWatch? Watch) Of(ControlSnapshot documents)
    {
        if (documents.Find(Key) is not { } document)
            return (0, null);
        try
        {
            return (document.Version, JsonSerializer.Deserialize(document.Content.Span, LiveJson.Default.LiveWatch));
        }
        catch (JsonException)
        {
            // The next viewer's gateway replaces it.
            return (document.Version, null);
        }
    }

    /// <summary>Returns the next document, of the same viewing session or a new one.</summary>
    public static LiveWatch After(LiveWatch? last, bool goesOn, DateTimeOffset now)
    {
        var round = (last?.Round ?? 0) + 1;
        return new LiveWatch(
            round, goesOn && last is not null ? last.First : round, goesOn && last is not null ? last.Since : now,
            now + Lasts);
    }
}
