namespace Gateway.Tidy.Tests.Documents;

public sealed class RunbookTests
{
    private const string Alerts = "rules:\n  - alert: GatewayDown\n    expr: up == 0\n";
    private const string Whole =
        "# Runbook\n\n## GatewayDown\n**Means.** a\n**Agents see.** b\n**Look at.** c\n**Do.** d\n**Silence.** e\n";

    [Fact]
    public void Every_alert_has_its_section_in_the_runbook_and_every_section_its_alert() =>
        Offence.AssertNone(RunbookRules.Sections(
            Repository.Read(RunbookRules.AlertsPath), Repository.Read(RunbookRules.RunbookPath)));

    [Fact]
    public void Takes_a_runbook_that_is_whole() => Assert.Empty(RunbookRules.Sections(Alerts, Whole));

    [Fact]
    public void Catches_an_alert_without_a_section() =>
        Assert.Single(RunbookRules.Sections(Alerts + "  - alert: GatewayPlanted\n", Whole));

    [Fact]
    public void Catches_a_section_without_an_alert() =>
        Assert.Contains(
            RunbookRules.Sections(Alerts, Whole + Whole.Replace("# Runbook\n\n## GatewayDown", "## GatewayPlanted",
                StringComparison.Ordinal)),
            offence => offence.Message == "GatewayPlanted is no alert");

    [Fact]
    public void Catches_a_section_that_does_not_say_what_to_do() =>
        Assert.Single(RunbookRules.Sections(Alerts, Whole.Replace("**Do.** d\n", "", StringComparison.Ordinal)));
}
