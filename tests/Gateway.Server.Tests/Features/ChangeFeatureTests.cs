namespace Gateway.Server.Tests.Features;

/// <summary>
/// What a server tells unasked: on the session's own stream, from 2026-07-28 on that of <c>subscriptions/listen</c>.
/// </summary>
public sealed class ChangeFeatureTests(FeatureServer server) : FeatureTest(server)
{
    [NodeTheory]
    [MemberData(nameof(Official.All), MemberType = typeof(Official))]
    public async Task Notifies_only_of_the_resource_that_was_subscribed_to(string client) => AssertSaw(
        client,
        ["updated: test://watched-resource", "tools/list_changed"],
        await SeeAsync(client, "subscriptions"));

    [NodeTheory]
    [MemberData(nameof(Official.All), MemberType = typeof(Official))]
    public async Task Notifies_that_lists_have_changed(string client) => AssertSaw(
        client,
        ["tools/list_changed", "prompts/list_changed", "resources/list_changed"],
        await SeeAsync(client, "listChanged"));
}
