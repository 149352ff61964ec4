namespace Gateway.Server.Tests.Features;

/// <summary>What a server asks of its client, and the client's answer.</summary>
public sealed class AskingFeatureTests(FeatureServer server) : FeatureTest(server)
{
    [NodeTheory]
    [MemberData(nameof(Official.Legacy), MemberType = typeof(Official))]
    public async Task Passes_sampling(string client) => Assert.Equal(
        ["asked to sample: What is the capital of France?", "test_sampling: LLM response: Paris"],
        await SeeAsync(client, "sampling"));

    [NodeTheory]
    [MemberData(nameof(Official.Stateless), MemberType = typeof(Official))]
    public async Task Passes_sampling_that_an_answer_requires(string client) => Assert.Equal(
        ["asked to sample: What is the capital of France?", "test_input_required_result_sampling: Paris"],
        await SeeAsync(client, "sampling"));

    [NodeTheory]
    [MemberData(nameof(Official.Legacy), MemberType = typeof(Official))]
    public async Task Passes_elicitation_accepted_and_declined(string client) => Assert.Equal(
        [
            "asked the person: Who are you?",
            "test_elicitation: User response: action: accept, "
                + """content: {"username":"Ada","email":"ada@example.org"}""",
            "asked the person: Will you decline?",
            "test_elicitation: User response: action: decline, content: {}",
        ],
        await SeeAsync(client, "elicitation"));

    [NodeTheory]
    [MemberData(nameof(Official.Stateless), MemberType = typeof(Official))]
    public async Task Passes_elicitation_that_an_answer_requires(string client) => Assert.Equal(
        ["asked the person: What is your name?", "test_input_required_result_elicitation: Hello, Ada!"],
        await SeeAsync(client, "elicitation"));

    [NodeTheory]
    [MemberData(nameof(Official.Legacy), MemberType = typeof(Official))]
    public async Task Passes_roots(string client) => Assert.Equal(
        ["asked for roots", "feature_roots: Work: file:///work"],
        await SeeAsync(client, "roots"));

    [NodeTheory]
    [MemberData(nameof(Official.Stateless), MemberType = typeof(Official))]
    public async Task Passes_roots_that_an_answer_requires(string client) => Assert.Equal(
        ["asked for roots", "test_input_required_result_list_roots: Work: file:///work"],
        await SeeAsync(client, "roots"));

    // Several inputs of one round are asked for at once, in no order.
    [NodeTheory]
    [MemberData(nameof(Official.All), MemberType = typeof(Official))]
    public async Task Passes_requests_of_several_rounds(string client)
    {
        var seen = await SeeAsync(client, "inputs");

        Assert.Equal(
            ["asked the person: Please confirm", "test_input_required_result_request_state: state-ok"], seen.Take(2));
        Assert.Equal(
            ["asked for roots", "asked the person: What is your name?", "asked to sample: Generate a greeting"],
            seen.Skip(2).Take(3).Order(StringComparer.Ordinal));
        Assert.Equal(
            [
                "test_input_required_result_multiple_inputs: Paris, Ada: 1 roots",
                "asked the person: Step 1: What is your name?",
                "asked the person: Step 2: What is your favorite color?",
                "test_input_required_result_multi_round: Ada likes Ada.",
                "asked the person: What context should the prompt use?",
                "In the context of Ada.",
            ],
            seen.Skip(5));
    }
}
