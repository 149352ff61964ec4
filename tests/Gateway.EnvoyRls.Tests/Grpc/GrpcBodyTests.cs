using System.Buffers.Binary;
using Microsoft.AspNetCore.Http;

namespace Gateway.EnvoyRls.Tests.Grpc;

public sealed class GrpcBodyTests
{
    /// <summary>
    /// With U+FFFD in the place of bytes that are not UTF-8, different values would share one counter.
    /// Source: https://protobuf.dev/programming-guides/proto3/#scalar ("must always contain UTF-8").
    /// </summary>
    [Theory]
    // {domain: "shop", descriptors: [{entries: [{key: "user", value: …}]}]}
    [InlineData("0a0473686f70" + "120b0a09" + "0a0475736572" + "1201ff", false)]
    [InlineData("0a0473686f70" + "120c0a0a" + "0a0475736572" + "1202c3a4", true)]
    // U+FFFD itself, encoded correctly; then beside a wrong byte.
    [InlineData("0a0473686f70" + "120d0a0b" + "0a0475736572" + "1203efbfbd", true)]
    [InlineData("0a0473686f70" + "120e0a0c" + "0a0475736572" + "1204efbfbdff", false)]
    // In the key, in the domain, and a surrogate.
    [InlineData("0a0473686f70" + "120a0a08" + "0a0375ff65" + "120161", false)]
    [InlineData("0a0473ff6f70" + "120b0a09" + "0a0475736572" + "120161", false)]
    [InlineData("0a0473686f70" + "120d0a0b" + "0a0475736572" + "1203eda080", false)]
    public async Task Text_that_is_not_UTF8_is_refused(string hex, bool isText)
    {
        var bytes = Convert.FromHexString(hex);
        var prefix = new byte[5];
        BinaryPrimitives.WriteInt32BigEndian(prefix.AsSpan(1), bytes.Length);
        var http = new DefaultHttpContext { Request = { Body = new MemoryStream([.. prefix, .. bytes]) } };

        var (_, problem) = await GrpcBody.ReadAsync(http, RateLimitRequest.Parser, 1024, default);

        Assert.Equal(isText ? null : GrpcStatus.InvalidArgument, problem?.Status);
    }
}
