using Gateway.Catalogue.Tests.Classifying;
using Gateway.Proxy.Scanning;
using Xunit.Abstractions;

namespace Gateway.Proxy.Tests.Scanning;

public sealed class FalseAlarmTests(ITestOutputHelper output)
{
    [DefinitionsFact]
    public void Finds_next_to_nothing_in_real_definitions()
    {
        var (all, hard, soft) = (0, 0, 0);
        foreach (var line in File.ReadLines(DefinitionsFactAttribute.Definitions!))
        {
            var definition = JsonNode.Parse(line)!.AsObject();
            foreach (var ours in (string[])["id", "source", "server"])
                definition.Remove(ours);
            var found = DefinitionScanner.Scan(definition.ToJsonString());
            all++;
            hard += found.Any(static one => one.IsHard) ? 1 : 0;
            soft += found.Any(static one => !one.IsHard) ? 1 : 0;
        }

        output.WriteLine($"{all} definitions: {hard} hard ({100.0 * hard / all:0.00} %), "
            + $"{soft} soft ({100.0 * soft / all:0.00} %)");
        Assert.True(all >= 900, $"{all} definitions");
        Assert.True(hard <= all * 0.005, $"{hard} hard of {all}");
        Assert.True(soft <= all * 0.03, $"{soft} soft of {all}");
    }
}
