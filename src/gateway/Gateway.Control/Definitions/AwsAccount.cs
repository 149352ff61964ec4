namespace Gateway.Control.Definitions;

/// <summary>The account with which the gateway signs requests to a server on AWS (Signature Version 4).</summary>
/// <param name="Region">The region of the server, such as <c>us-east-1</c>.</param>
/// <param name="Service">The signing name of the AWS service, such as <c>bedrock-agentcore</c>.</param>
/// <param name="AccessKeyId">The id of the access key.</param>
/// <param name="SecretAccessKey">The access key, which is never sent.</param>
public sealed record AwsAccount(string Region, string Service, string AccessKeyId, string SecretAccessKey)
{
    /// <summary>The session token of temporary credentials; null for others.</summary>
    public string? SessionToken { get; init; }

    // The generated method would print the secrets.
    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append("AccessKeyId = ").Append(AccessKeyId);
        return true;
    }
}
