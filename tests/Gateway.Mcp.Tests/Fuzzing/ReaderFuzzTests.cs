namespace Gateway.Mcp.Tests.Fuzzing;

public class ReaderFuzzTests
{
    [Fact]
    public void Never_accepts_what_a_strict_second_parser_refuses_and_reads_the_same()
    {
        var mutator = new MessageMutator(new Random(FuzzBudget.Seed));
        var (accepted, refused) = (0, 0);
        foreach (var round in FuzzBudget.Rounds(60_000))
        {
            var body = mutator.Next();
            var read = McpReader.Read(body, McpReadBounds.Default);
            var oracle = StrictOracle.Read(body);
            var place = $"seed {FuzzBudget.Seed}, round {round}: {Encoding.UTF8.GetString(body)}";

            Assert.True(read.IsMessage == oracle.Refusal is null, $"{place}\n{read.Fault?.Message} / {oracle.Refusal}");
            if (!read.IsMessage)
            {
                refused++;
                continue;
            }

            accepted++;
            Assert.True(read.Message.Method == (oracle.Method ?? ""), place);
            Assert.True(read.Message.Name == oracle.Name, place);
            Assert.True(Encoding.UTF8.GetString(read.Message.Id.Span) == oracle.Id, place);
        }

        Assert.True(accepted > 1000 && refused > 1000, $"{accepted} accepted, {refused} refused");
    }
}
