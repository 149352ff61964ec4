namespace Gateway.Acquire.Tests.Deciding;

public sealed class ChargeBookTests
{
    private const string Mail =
        """{ "mail": { "window": "hour", "max": 10, "refundable": true, "services": ["billing"] } }""";

    [Fact]
    public async Task A_release_gives_all_back_once()
    {
        await using var frontend = new Frontend(Frontend.Noon, Mail);
        await frontend.MailAsync("a", "10");

        var first = await frontend.ReturnAsync("""{ "id": "a" }""");
        var second = await frontend.ReturnAsync("""{ "id": "a" }""");

        Assert.Equal([new ReturnedCost("mail", null, 10)], first.Returned);
        Assert.Equal(first.Returned, second.Returned);
        var again = await frontend.MailAsync("b", "10");
        Assert.Equal((true, 0m), (again.Allowed, again.Costs[0].Remaining));
        Assert.False((await frontend.MailAsync("c")).Allowed);
    }

    [Fact]
    public async Task Denies_when_an_id_that_was_given_back_is_asked_for_again_here_or_elsewhere()
    {
        var store = new SharedStore();
        await using var frontend = new Frontend(Frontend.Noon, Mail, store);
        await using var other = new Frontend(Frontend.Noon, Mail, store);
        await frontend.MailAsync("a", "10");
        await frontend.ReturnAsync("""{ "id": "a" }""");

        const string again = """{ "id": "a", "costs": [ { "budget": "mail", "cost": 10 } ] }""";
        Assert.Equal("Already returned", (await frontend.DecideAsync(again)).Problem?.Title);
        Assert.Equal("Already returned", (await other.DecideAsync(again)).Problem?.Title);
        Assert.True((await frontend.MailAsync("b", "10")).Allowed);
    }

    [Fact]
    public async Task A_refund_gives_a_part_back_and_the_rest_stays_charged()
    {
        await using var frontend = new Frontend(Frontend.Noon, Mail);
        await frontend.MailAsync("a", "10");

        var part = await frontend.ReturnAsync(
            """{ "id": "a", "costs": [ { "budget": "mail", "cost": "2.5" } ] }""");
        var more = await frontend.ReturnAsync("""{ "id": "a" }""");

        Assert.Equal([new ReturnedCost("mail", null, 2.5m)], part.Returned);
        Assert.Equal(part.Returned, more.Returned);
        Assert.False((await frontend.MailAsync("b", "2.6")).Allowed);
        Assert.True((await frontend.MailAsync("c", "2.5")).Allowed);
    }

    [Fact]
    public async Task Nothing_comes_back_that_was_not_charged_here_or_whose_window_has_ended()
    {
        var (time, store) = (Frontend.Noon, new SharedStore());
        await using var frontend = new Frontend(time, Mail, store);
        await using var other = new Frontend(time, Mail, store);
        await frontend.MailAsync("a", "10");

        Assert.Empty((await other.ReturnAsync("""{ "id": "a" }""")).Returned);
        Assert.Empty((await frontend.ReturnAsync("""{ "id": "b" }""")).Returned);
        time.Advance(TimeSpan.FromHours(1).TotalMilliseconds);
        var late = await frontend.ReturnAsync("""{ "id": "a" }""");

        Assert.Empty(late.Returned);
        Assert.Contains("window has ended", late.Reason);
    }

    [Fact]
    public async Task Nothing_comes_back_to_a_budget_that_does_not_say_so()
    {
        await using var frontend = new Frontend(
            Frontend.Noon, """{ "mail": { "window": "hour", "max": 10, "services": ["billing"] } }""");
        await frontend.MailAsync("a", "10");

        Assert.Empty((await frontend.ReturnAsync("""{ "id": "a" }""")).Returned);
        Assert.False((await frontend.MailAsync("b")).Allowed);
    }

    [Fact]
    public async Task The_oldest_charges_are_final_beyond_the_bound()
    {
        await using var frontend = new Frontend(
            Frontend.Noon, Mail, options: new AcquireOptions { RefundableMax = 2 });
        foreach (var id in (string[])["a", "b", "c"])
            await frontend.MailAsync(id, "3");

        Assert.Empty((await frontend.ReturnAsync("""{ "id": "a" }""")).Returned);
        Assert.Single((await frontend.ReturnAsync("""{ "id": "b" }""")).Returned);
    }
}
