using Gateway.Policy.Results;

namespace Gateway.Policy.Tests;

public class ResultEngineTests
{
    [Theory]
    [InlineData("1", "1.0")]
    [InlineData("1", "10e-1")]
    [InlineData("\"a\"", "\"\\u0061\"")]
    public void Ids_that_mean_the_same_have_one_form(string one, string other) =>
        Assert.Equal(KeyOf(one), KeyOf(other));

    [Theory]
    [InlineData("1", "\"1\"")]
    [InlineData("1", "2")]
    [InlineData("1", "-1")]
    public void Ids_that_differ_have_two(string one, string other) => Assert.NotEqual(KeyOf(one), KeyOf(other));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    public void What_is_no_id_has_none(string id) => Assert.Null(KeyOf(id));

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":7,"result":{}}""", "7")]
    [InlineData("""{"jsonrpc":"2.0","id":"a","result":{}}""", "\"a\"")]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/message","params":{}}""", "")]
    [InlineData("""[]""", "")]
    public void Finds_the_call_that_a_message_responds_to(string message, string id) => Assert.Equal(
        id,
        Encoding.UTF8.GetString(
            ResultEngine.AnsweredId(Encoding.UTF8.GetBytes(message), ResultRules.None).Span));

    private static string? KeyOf(string id) => ResultEngine.KeyOf(Encoding.UTF8.GetBytes(id));
}
