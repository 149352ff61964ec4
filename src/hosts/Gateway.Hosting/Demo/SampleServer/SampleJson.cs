using System.Text.Json.Serialization;

namespace Gateway.Hosting.Demo.SampleServer;

/// <summary>What the sample's tools take beside texts and numbers.</summary>
[JsonSerializable(typeof(OtpChannel))]
internal sealed partial class SampleJson : JsonSerializerContext;
