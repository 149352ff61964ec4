namespace Gateway.AuditSinks.Tests;

/// <summary>Records on their way to a sink.</summary>
internal static class TestRecords
{
    public const string Allowed =
        """{"kind":"decision","time":"2026-11-20T10:00:00.250Z","callId":"c1","grant":"bot","server":"mail","method":"tools/call","tool":"send","policy":"p","outcome":"allowed","rule":"/tools/send"}""";

    public const string Refused =
        """{"kind":"decision","time":"2026-11-20T10:00:01.000Z","callId":"c2","grant":"bot","server":"mail","method":"tools/call","tool":"send","policy":"p","outcome":"rate_limited","rule":"/tools/send","reason":"Übervoll: 3 of 3."}""";

    public static ShippedRecord[] Of(params string[] lines)
    {
        var records = new ShippedRecord[lines.Length];
        var at = 0L;
        for (var i = 0; i < lines.Length; i++)
        {
            var line = Encoding.UTF8.GetBytes(lines[i]);
            records[i] = new ShippedRecord("0a0b", new ShipCursor(3, at), line);
            at += line.Length + 1;
        }

        return records;
    }
}
