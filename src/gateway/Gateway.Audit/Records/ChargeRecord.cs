using Gateway.Limits.Model;
using Gateway.Mcp.Writing;

namespace Gateway.Audit.Records;

/// <summary>A service's request to charge budgets or to return a charge, as recorded.</summary>
public sealed record ChargeRecord
{
    /// <summary>Outcome of a refund or a release.</summary>
    public const string Returned = "returned";

    /// <summary>
    /// Prefix of a service where it takes the place of a grant; names of grants never contain a colon.
    /// </summary>
    public const string ServicePrefix = "service:";

    /// <summary>The name that takes the place of the server, which a charge does not have.</summary>
    public const string Server = "(budgets)";

    /// <summary>The gateway's id of the request.</summary>
    public required string CallId { get; init; }

    /// <summary>The service, with its address and key.</summary>
    public required Actor By { get; init; }

    /// <summary>The id that the service chose.</summary>
    public required string Id { get; init; }

    /// <summary><c>allowed</c>, the reason for a refusal, or <see cref="Returned"/>.</summary>
    public required string Outcome { get; init; }

    /// <summary>
    /// Each budget with its counter and amount. For a keyed budget the counter's name contains only a digest of the
    /// key.
    /// </summary>
    public required IReadOnlyList<(string Budget, string? Counter, Amount? Cost)> Costs { get; init; }

    /// <summary>True if the id was charged before, so that nothing is charged now.</summary>
    public bool IsRepeated { get; init; }

    /// <summary>Reason for a refusal.</summary>
    public string? Reason { get; init; }

    /// <summary>The budget that had no room.</summary>
    public RefusedLimit? Limit { get; init; }

    /// <summary>The permit that the request took; null if it took none.</summary>
    public Permit? Permit { get; init; }

    /// <summary>Encodes the record; the bytes are valid until the thread encodes its next record.</summary>
    public ReadOnlySpan<byte> Write(long nowMs)
    {
        var line = RecordLine.Take();
        line.AddTime("""{"kind":"charge","time":"""u8, nowMs);
        line.Add(""","callId":"""u8, CallId);
        var scratch = JsonScratch.Take();
        By.Write(scratch.Json);
        line.Add(","u8, scratch);
        line.Add(""","id":"""u8, RecordBounds.Cut(Id));
        line.Add(""","outcome":"""u8, Outcome);
        if (IsRepeated)
            line.Add(""","repeated":true"""u8);
        if (Reason is not null)
            line.Add(""","reason":"""u8, RecordBounds.Cut(Reason));
        WriteCosts(line);
        if (Permit is { } permit)
            AuditEncoder.WriteCounters(line, permit);
        else if (Limit is not null)
            AuditEncoder.WriteLimit(line, Limit);
        return line.Written("}\n"u8);
    }

    private void WriteCosts(RecordLine line)
    {
        line.Add(""","objects":["""u8);
        var names = Costs.Select(static cost => cost.Budget).Distinct(StringComparer.Ordinal).ToList();
        for (var i = 0; i < names.Count; i++)
            line.Add(i == 0 ? default : ","u8, $"budgets/{RecordBounds.Cut(names[i])}");
        line.Add("""],"costs":["""u8);
        for (var i = 0; i < Costs.Count; i++)
        {
            var (budget, counter, cost) = Costs[i];
            line.Add(i == 0 ? """{"budget":"""u8 : """,{"budget":"""u8, RecordBounds.Cut(budget));
            if (counter is not null)
                line.Add(""","counter":"""u8, counter);
            if (cost is { } amount)
                line.Add(""","cost":"""u8, amount);
            line.Add("}"u8);
        }

        line.Add("]"u8);
    }
}
