using System.Text.Json.Serialization;
using Gateway.Admin.Answers;

namespace Gateway.Admin.Channels;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ChannelInput))]
[JsonSerializable(typeof(ChannelPatch))]
[JsonSerializable(typeof(ChannelView))]
[JsonSerializable(typeof(ChannelCreated))]
[JsonSerializable(typeof(ChannelTest))]
[JsonSerializable(typeof(ChannelResent))]
[JsonSerializable(typeof(PageView<ChannelView>))]
internal sealed partial class ChannelJson : JsonSerializerContext;
