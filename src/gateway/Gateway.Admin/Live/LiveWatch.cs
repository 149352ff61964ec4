using System.Text.Json;
using Gateway.Control.Documents;

namespace Gateway.Admin.Live;

/// <summary>
/// The control document that says that somebody looks at decisions. Gateways go by when they saw it change, not by each
/// other's clocks.
/// </summary>
/// <param name="Round">Rises with each time that it is written; what is put goes by it.</param>
/// <param name="First">The round in which this time of looking began.</param>
/// <param name="Since">When this time of looking began.</param>
/// <param name="Until">Nobody looks any more then, unless it is written anew.</param>
internal sealed record LiveWatch(long Round, long First, DateTimeOffset Since, DateTimeOffset Until)
{
    /// <summary>For so long it says that somebody looks.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromMinutes(1);

    /// <summary>Who looks writes it anew after this.</summary>
    public static readonly TimeSpan RenewedAfter = TimeSpan.FromSeconds(25);

    public static readonly ControlKey Key = new(ControlKinds.Watches, "decisions");

    /// <summary>The version of the document, 0 for none; null with it where it says nothing.</summary>
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
            // The next one who looks makes it whole.
            return (document.Version, null);
        }
    }

    /// <summary>The next, of the same time of looking or of another.</summary>
    public static LiveWatch After(LiveWatch? last, bool goesOn, DateTimeOffset now)
    {
        var round = (last?.Round ?? 0) + 1;
        return new LiveWatch(
            round, goesOn && last is not null ? last.First : round, goesOn && last is not null ? last.Since : now,
            now + Lasts);
    }
}
