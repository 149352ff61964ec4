using Gateway.Mcp.Writing;
using Gateway.Policy.Decisions;

namespace Gateway.Audit.Records;

/// <summary>
/// Encodes how many refusals of one grant, caller and rule have no record of their own. A line is valid until its
/// thread encodes the next one.
/// </summary>
internal static class FoldedLine
{
    /// <summary>First bytes of such a record.</summary>
    public static ReadOnlySpan<byte> Start => "{\"kind\":\"folded\""u8;

    public static ReadOnlySpan<byte> Of(in FoldKey key, long folded, long firstMs, long lastMs, long nowMs)
    {
        var scratch = JsonScratch.Take();
        var json = scratch.Json;
        json.WriteStartObject();
        json.WriteString("kind"u8, "folded"u8);
        RefusalJson.WriteTime(json, "time"u8, nowMs);
        json.WriteString("grant"u8, key.Grant);
        json.WriteString("server"u8, key.Server);
        json.WriteString("outcome"u8, RefusalJson.Name(key.Outcome));
        json.WriteString("rule"u8, key.Rule);
        json.WriteNumber("decisions"u8, folded);
        RefusalJson.WriteTime(json, "since"u8, firstMs);
        RefusalJson.WriteTime(json, "until"u8, lastMs);
        json.WriteEndObject();
        return AuditEncoder.Ended(scratch, key.Caller);
    }
}

/// <summary>Key of refusals that are counted together.</summary>
internal readonly record struct FoldKey(
    string Grant, string Server, string Rule, RefusalCategory Outcome, Caller? Caller)
{
    /// <summary>Returns the caller with only the members that records contain, so that equal callers are equal.
    /// </summary>
    public static Caller? Of(Caller? caller) => caller is null ? null : new Caller
    {
        Issuer = caller.Issuer,
        Subject = caller.RecordedSubject ?? caller.Subject,
        Client = caller.Client,
        Actor = caller.RecordedActor ?? caller.Actor,
    };
}
