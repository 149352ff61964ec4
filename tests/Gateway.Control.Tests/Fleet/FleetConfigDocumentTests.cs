using Gateway.Control.Fleet;

namespace Gateway.Control.Tests.Fleet;

public sealed class FleetConfigDocumentTests
{
    [Theory]
    [InlineData("\"order\": 10", "\"order\": 20", "grants/g")]
    [InlineData("agents", "admins", "grants/g")]
    [InlineData("\"audience\": \"gateway\"", "\"audience\": \"other\"", "issuers/corp")]
    [InlineData("\"sub\"", "\"oid\"", "issuers/corp")]
    [InlineData("\"above\": 20", "\"above\": 30", "alerts/refused")]
    public void Issuers_matches_and_alert_rules_are_compared(string old, string changed, string differs)
    {
        const string file = """
            {
              "servers": { "crm": { "url": "http://127.0.0.1:9000/mcp" } },
              "identity": { "issuers": { "corp": {
                "issuer": "https://login.example.com", "audience": "gateway", "subject": ["sub"] } } },
              "alerts": { "refused": { "measure": "refusal-rate", "above": 20 } },
              "grants": { "g": { "server": "crm", "order": 10,
                "match": { "issuer": "corp", "claims": [{ "path": "groups", "op": "has", "value": "agents" }] } } }
            }
            """;

        var (one, other) = (Read(file), Read(file.Replace(old, changed, StringComparison.Ordinal)));

        Assert.Equal(
            [differs], one.Where(entry => other[entry.Key] != entry.Value).Select(static entry => entry.Key));
    }

    private static IDictionary<string, string> Read(string file)
    {
        using var folder = new TestFolder();
        var result = ConfigLoader.Load(folder.File("gateway.json", file), static _ => null);
        Assert.Empty(result.Problems);
        return FleetConfigDocument.Of(result.Config!).Objects;
    }
}
