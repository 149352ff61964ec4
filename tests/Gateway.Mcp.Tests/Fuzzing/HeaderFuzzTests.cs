using Gateway.Mcp.Protocol;
using Gateway.Mcp.Tests.Headers;
using Gateway.Mcp.Tests.Reading;
using Microsoft.Extensions.Primitives;

namespace Gateway.Mcp.Tests.Fuzzing;

public class HeaderFuzzTests
{
    private static readonly string[] Versions =
        ["2026-07-28", "2025-11-25", "2027-01-01", "", " 2026-07-28", "2026-07-28,"];

    private static readonly string[] Methods =
        ["tools/call", "tools/list", "Tools/Call", " tools/call ", "tools/call,"];

    private static readonly string[] Names = ["a", "b", "é", "A", " a", "=?base64?YQ==?=", "a,b", "a "];

    [Fact]
    public void Passes_only_requests_whose_mirrors_say_what_the_body_says()
    {
        var random = new Random(FuzzBudget.Seed);
        var passed = 0;
        foreach (var round in FuzzBudget.Rounds(20_000))
        {
            var name = Names[random.Next(Names.Length)];
            var meta = random.Next(4) == 0 ? null : Versions[random.Next(2)];
            var headers = Headers(random, name);
            var message = Message(name, meta);

            var fault = WholeCheck.Of(headers, message, out var revision);

            var place = $"seed {FuzzBudget.Seed}, round {round}: {string.Join("; ", headers)}; {name}; {meta}";
            if (fault is not null)
            {
                Assert.True(fault.HttpStatus is 400 && fault.Code is -32020 or -32022 or -32602, place);
                continue;
            }

            passed++;
            Assert.True(Agrees(headers, name, meta, revision), place);
        }

        Assert.True(passed > 100, $"{passed} passed");
    }

    private static HeaderDictionary Headers(Random random, string name)
    {
        var headers = new HeaderDictionary { ["Content-Type"] = "application/json" };
        var own = random.Next(3) == 0 ? Names[random.Next(Names.Length)] : Encoded(name, random);
        if (random.Next(5) > 0)
            headers["MCP-Protocol-Version"] = Versions[Math.Max(0, random.Next(10) - 4)];
        if (random.Next(5) > 0)
            headers["Mcp-Method"] = Methods[Math.Max(0, random.Next(8) - 3)];
        if (random.Next(5) > 0)
            headers["Mcp-Name"] = random.Next(12) == 0 ? new StringValues([own, own]) : own;
        return headers;
    }

    private static string Encoded(string name, Random random) => random.Next(2) == 0
        ? name
        : $"=?base64?{Convert.ToBase64String(Encoding.UTF8.GetBytes(name))}?=";

    private static McpMessage Message(string name, string? meta)
    {
        var version = meta is null ? "" : $$""" ,"_meta":{"io.modelcontextprotocol/protocolVersion":"{{meta}}"} """;
        var text = System.Text.Json.JsonSerializer.Serialize(name);
        return McpReaderTests.Accept(
            $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":{{{text}}} {{{version}}} } }""");
    }

    // An oracle of its own: what a server would read from the headers has to be what stands in the body.
    private static bool Agrees(HeaderDictionary headers, string name, string? meta, McpRevision revision)
    {
        string? Read(string header) => headers.TryGetValue(header, out var values)
            ? string.Join(',', (string?[])values!).Trim(' ', '\t')
            : null;
        var (version, method, mirrored) = (Read("MCP-Protocol-Version"), Read("Mcp-Method"), Read("Mcp-Name"));
        var isStateless = version == "2026-07-28" || meta == "2026-07-28";
        if (isStateless != (revision == McpRevision.Stateless))
            return false;
        if (version is not null && meta is not null && version != meta)
            return false;
        if (isStateless && (version is null || meta is null || method is null || mirrored is null))
            return false;
        return (method ?? "tools/call") == "tools/call" && (mirrored is null || Decode(mirrored) == name);
    }

    private static string Decode(string value) => value.StartsWith("=?base64?", StringComparison.Ordinal)
        && value.EndsWith("?=", StringComparison.Ordinal)
            ? Encoding.UTF8.GetString(Convert.FromBase64String(value[9..^2]))
            : value;
}
