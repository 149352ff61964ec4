namespace Gateway.Mcp.Reading;

/// <summary>
/// The members of <c>params</c> that affect a decision in some method, by their index in <see cref="Table"/>.
/// </summary>
internal static class ParamsMember
{
    public const int Name = 0;
    public const int Arguments = 1;
    public const int Meta = 2;
    public const int Uri = 3;
    public const int TaskId = 4;
    public const int Ref = 5;
    public const int Notifications = 6;
    public const int RequestState = 7;
    public const int InputResponses = 8;
    public const int Count = 9;

    public static MemberTable Table { get; } =
        new("name", "arguments", "_meta", "uri", "taskId", "ref", "notifications", "requestState",
            "inputResponses");
}
