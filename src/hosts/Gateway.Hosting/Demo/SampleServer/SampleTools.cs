using System.Collections.Immutable;
using System.ComponentModel;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using ModelContextProtocol;
using ModelContextProtocol.Server;

namespace Gateway.Hosting.Demo.SampleServer;

/// <summary>The tools of a customer-care desk: reads, messages that cost money, and a deletion.</summary>
internal static class SampleTools
{
    /// <summary>The tools, created once and served to every client; a tool never changes.</summary>
    public static McpServerPrimitiveCollection<McpServerTool> All { get; } = Create();

    [McpServerTool(Name = "get_customer", Title = "Get customer", ReadOnly = true, OpenWorld = false)]
    [Description("Reads one customer's name, e-mail address and telephone number.")]
    public static string GetCustomer([Description("The customer's id, such as c-1001.")] string customer_id)
    {
        var customer = Find(customer_id);
        return $"{customer.Id}: {customer.Name}, {customer.Email}, {customer.Phone}";
    }

    [McpServerTool(Name = "list_customers", Title = "List customers", ReadOnly = true, OpenWorld = false)]
    [Description("Lists the ids and names of customers.")]
    public static string ListCustomers([Description("How many to list, from 1 to 100.")] int limit = 20) =>
        string.Join('\n', SampleCustomer.All.Take(Math.Clamp(limit, 1, 100)).Select(item => $"{item.Id}: {item.Name}"));

    [McpServerTool(Name = "list_orders", Title = "List orders", ReadOnly = true, OpenWorld = false)]
    [Description("Lists a customer's orders with their state.")]
    public static string ListOrders([Description("The customer's id, such as c-1001.")] string customer_id) =>
        string.Join('\n', Find(customer_id).Orders);

    [McpServerTool(Name = "backchannel_resend_otp", Title = "Resend one-time password",
        Destructive = false, Idempotent = false, OpenWorld = true)]
    [Description("Sends the one-time password of a pending backchannel sign-in again. Every message costs money.")]
    public static string ResendOtp(
        [Description("The id of the pending authentication request.")] string auth_req_id,
        [Description("How to send it.")] OtpChannel channel = OtpChannel.Sms) =>
        $"The one-time password for {auth_req_id} was sent again by {Words(channel)}.";

    [McpServerTool(Name = "backchannel_complete", Title = "Complete sign-in",
        Destructive = false, Idempotent = true, OpenWorld = false)]
    [Description("Completes a pending backchannel sign-in with the one-time password that the customer read out.")]
    public static string Complete(
        [Description("The id of the pending authentication request.")] string auth_req_id,
        [Description("The six digits of the one-time password.")] string otp) =>
        otp.Length == 6 && otp.All(char.IsAsciiDigit)
            ? $"{auth_req_id} is signed in."
            : throw new McpException("A one-time password has six digits.");

    [McpServerTool(Name = "send_reaction_message", Title = "Send reaction",
        Destructive = false, Idempotent = true, OpenWorld = true)]
    [Description("Reacts to a customer's message with an emoji.")]
    public static string SendReaction(
        [Description("The id of the message.")] string message_id,
        [Description("One emoji.")] string emoji) =>
        $"Reacted to {message_id} with {emoji}.";

    [McpServerTool(Name = "send_interactive_flow", Title = "Send interactive flow",
        Destructive = false, Idempotent = false, OpenWorld = true)]
    [Description("Sends a customer a form to fill in, such as a delivery date.")]
    public static string SendFlow(
        [Description("The customer's id, such as c-1001.")] string customer_id,
        [Description("The flow's name.")] string flow) =>
        $"Sent the flow {flow} to {Find(customer_id).Name}.";

    [McpServerTool(Name = "delete_customer", Title = "Delete customer",
        Destructive = true, Idempotent = true, OpenWorld = false)]
    [Description("Deletes a customer with every order and message. This cannot be undone.")]
    public static string DeleteCustomer([Description("The customer's id, such as c-1001.")] string customer_id) =>
        $"{Find(customer_id).Id} was deleted.";

    private static string Words(OtpChannel channel) => channel switch
    {
        OtpChannel.Voice => "telephone call",
        OtpChannel.Email => "e-mail",
        OtpChannel.Sms => "text message",
        _ => throw new NotSupportedException($"OtpChannel {channel} has no case here."),
    };

    private static SampleCustomer Find(string id) =>
        SampleCustomer.All.FirstOrDefault(customer => customer.Id == id)
        ?? throw new McpException($"There is no customer {id}; list_customers lists them.");

    private static McpServerPrimitiveCollection<McpServerTool> Create()
    {
        var options = new JsonSerializerOptions(McpJsonUtilities.DefaultOptions);
        options.TypeInfoResolverChain.Add(SampleJson.Default);
        var create = new McpServerToolCreateOptions { SerializerOptions = options };
        var tools = new McpServerPrimitiveCollection<McpServerTool>();
        var methods = typeof(SampleTools).GetMethods(BindingFlags.Public | BindingFlags.Static)
            .Where(method => method.IsDefined(typeof(McpServerToolAttribute)));
        foreach (var method in methods) tools.Add(McpServerTool.Create(method, target: null, create));
        return tools;
    }
}

/// <summary>A fictitious customer.</summary>
internal sealed record SampleCustomer(
    string Id, string Name, string Email, string Phone, ImmutableArray<string> Orders)
{
    public static ImmutableArray<SampleCustomer> All { get; } =
    [
        new("c-1001", "Ada Moreno", "ada@example.com", "+54 11 5550 0101", ["o-501: shipped", "o-502: paid"]),
        new("c-1002", "Bo Lindqvist", "bo@example.com", "+46 8 5550 0102", ["o-503: returned"]),
        new("c-1003", "Chidi Okafor", "chidi@example.com", "+234 1 5550 0103", []),
    ];
}

/// <summary>
/// The channel of a one-time password; the names are those on the wire, because the tool's schema shows them.
/// </summary>
[JsonConverter(typeof(JsonStringEnumConverter<OtpChannel>))]
internal enum OtpChannel
{
    [JsonStringEnumMemberName("sms")]
    Sms,

    [JsonStringEnumMemberName("voice")]
    Voice,

    [JsonStringEnumMemberName("email")]
    Email,
}
