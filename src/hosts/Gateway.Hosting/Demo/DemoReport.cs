using Gateway.Hosting.Demo.SampleServer;
using Gateway.Policy.Text;

namespace Gateway.Hosting.Demo;

/// <summary>The output of the demo around its table.</summary>
public sealed class DemoReport(TextWriter output)
{
    /// <summary>Writes the addresses and the policy.</summary>
    public void WriteStart(Uri server, Uri gateway, DemoFolder folder)
    {
        output.WriteLine($"""
            Sample MCP server   {server}
            Gateway             {gateway}   (server "{DemoFolder.ServerName}", grant "{DemoFolder.GrantName}")
            Policy              default deny; {DemoAgent.LimitedTool} 10 a minute; {folder.Path}

            """);
    }

    /// <summary>Writes the revision that the agent speaks, and the tools that it can see.</summary>
    public void WriteAgent(DemoAgent agent, IReadOnlyList<string> tools)
    {
        output.WriteLine(
            $"The agent speaks MCP {agent.ProtocolVersion} and can see {Spelling.Count(tools.Count, "tool")}:");
        output.WriteLine($"  {string.Join(", ", tools)}");
        output.WriteLine();
    }

    /// <summary>Writes how many calls the agent sent and the server received, and an error if they are wrong.</summary>
    public void WriteNumbers(CallCounts calls, bool isRight)
    {
        output.WriteLine();
        output.WriteLine($"{"",-26}{"agent sent",12}{"server saw",12}");
        Line(DemoAgent.LimitedTool, DemoAgent.LimitedCalls);
        Line(DemoAgent.DeniedTool, 1);
        if (!isRight)
            output.WriteLine($"WRONG: expected {DemoTotals.Expected}, with exactly 10 calls reaching the server.");
        output.WriteLine();

        void Line(string tool, int sent) => output.WriteLine($"  {tool,-24}{sent,12}{calls[tool],12}");
    }

    /// <summary>Writes how to connect your own client to the running gateway.</summary>
    public void WriteClients(Uri endpoint, string token)
    {
        output.WriteLine($$"""
            Connect your own client to the gateway (the token works only while this demo runs):
              claude mcp add --transport http sample {{endpoint}} --header "Authorization: Bearer {{token}}"
            or, in a client's configuration file:
              { "mcpServers": { "sample": { "type": "http", "url": "{{endpoint}}",
                  "headers": { "Authorization": "Bearer {{token}}" } } } }

            """);
    }

    /// <summary>Writes the closing line.</summary>
    public void WriteEnd(DemoTotals totals, bool staysUp)
    {
        if (staysUp) output.WriteLine("The gateway and the sample server stay up until Ctrl-C.");
        output.WriteLine(totals);
        output.Flush();
    }

    /// <summary>
    /// Returns true if both the responses to the agent and the calls that reached the server are exact.
    /// </summary>
    public static bool IsRight(DemoTotals totals, CallCounts calls) =>
        totals == DemoTotals.Expected
        && calls[DemoAgent.LimitedTool] == DemoTotals.Expected.Admitted
        && calls[DemoAgent.DeniedTool] == 0;
}
