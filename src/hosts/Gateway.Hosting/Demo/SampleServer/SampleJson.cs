using System.Text.Json.Serialization;

namespace Gateway.Hosting.Demo.SampleServer;

/// <summary>Serializes the argument types of the sample's tools other than texts and numbers.</summary>
[JsonSerializable(typeof(OtpChannel))]
internal sealed partial class SampleJson : JsonSerializerContext;
