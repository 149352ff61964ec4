namespace Gateway.Server.Tests.Commands;

public sealed class CommandReferenceTests
{
    [Fact]
    public void The_page_of_commands_says_what_the_commands_are()
    {
        var page = SourceTree.PathOf("docs", "reference", "commands.md");
        var now = CommandReference.Write();
        if (Environment.GetEnvironmentVariable("GATEWAY_UPDATE") == "1") File.WriteAllText(page, now);

        Assert.Equal(now.Split('\n'), File.ReadAllText(page).Split('\n'));
    }
}
