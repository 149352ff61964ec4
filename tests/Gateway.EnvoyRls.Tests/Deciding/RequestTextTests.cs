using System.Buffers;

namespace Gateway.EnvoyRls.Tests.Deciding;

public sealed class RequestTextTests
{
    [Theory]
    // {domain: "shop", descriptors: [{entries: [{key: "user", value: …}]}]}
    [InlineData("0a0473686f70" + "120b0a09" + "0a0475736572" + "1201ff", false)]
    [InlineData("0a0473686f70" + "120c0a0a" + "0a0475736572" + "1202c3a4", true)]
    // The sign itself, written as it should be; then beside a wrong one.
    [InlineData("0a0473686f70" + "120d0a0b" + "0a0475736572" + "1203efbfbd", true)]
    [InlineData("0a0473686f70" + "120e0a0c" + "0a0475736572" + "1204efbfbdff", false)]
    // In the key, in the domain, and a surrogate.
    [InlineData("0a0473686f70" + "120a0a08" + "0a0375ff65" + "120161", false)]
    [InlineData("0a0473ff6f70" + "120b0a09" + "0a0475736572" + "120161", false)]
    [InlineData("0a0473686f70" + "120d0a0b" + "0a0475736572" + "1203eda080", false)]
    public void Refuses_what_is_not_UTF8(string hex, bool isText)
    {
        var bytes = Convert.FromHexString(hex);

        var problem = RequestText.Check(RateLimitRequest.Parser.ParseFrom(bytes), new ReadOnlySequence<byte>(bytes));

        Assert.Equal(isText ? null : GrpcStatus.InvalidArgument, problem?.Status);
    }
}
