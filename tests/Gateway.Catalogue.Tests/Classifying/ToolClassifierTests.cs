using Gateway.Catalogue.Classifying;
using Gateway.Catalogue.Listing;

namespace Gateway.Catalogue.Tests.Classifying;

/// <summary>The cases that are set, whatever the share of right answers is elsewhere.</summary>
public sealed class ToolClassifierTests
{
    [Theory]
    [InlineData("backchannel_resend_otp", ToolCategory.Execute, RiskLevel.High)]
    [InlineData("backchannel_complete", ToolCategory.Execute, RiskLevel.High)]
    [InlineData("send_reaction_message", ToolCategory.Write, RiskLevel.Medium)]
    [InlineData("send_interactive_flow", ToolCategory.Write, RiskLevel.Medium)]
    [InlineData("refund", ToolCategory.Financial, RiskLevel.Critical)]
    [InlineData("capture", ToolCategory.Financial, RiskLevel.Critical)]
    [InlineData("payout", ToolCategory.Financial, RiskLevel.Critical)]
    [InlineData("void", ToolCategory.Financial, RiskLevel.Critical)]
    [InlineData("capture_payment", ToolCategory.Financial, RiskLevel.Critical)]
    [InlineData("void_invoice", ToolCategory.Financial, RiskLevel.Critical)]
    [InlineData("createPayout", ToolCategory.Financial, RiskLevel.Critical)]
    [InlineData("tf_apply", ToolCategory.Execute, RiskLevel.High)]
    [InlineData("run", ToolCategory.Execute, RiskLevel.High)]
    [InlineData("exec", ToolCategory.Execute, RiskLevel.High)]
    [InlineData("merge_pull_request", ToolCategory.Execute, RiskLevel.High)]
    [InlineData("d1_database_delete", ToolCategory.Destructive, RiskLevel.Critical)]
    [InlineData("drop", ToolCategory.Destructive, RiskLevel.Critical)]
    [InlineData("purge", ToolCategory.Destructive, RiskLevel.Critical)]
    [InlineData("git_reset", ToolCategory.Destructive, RiskLevel.Critical)]
    [InlineData("list_invoices", ToolCategory.Read, RiskLevel.Low)]
    [InlineData("get_balance", ToolCategory.Read, RiskLevel.Low)]
    [InlineData("get_refund", ToolCategory.Read, RiskLevel.Low)]
    [InlineData("listPayments", ToolCategory.Read, RiskLevel.Low)]
    [InlineData("emitir_nota", ToolCategory.Financial, RiskLevel.Critical)]
    [InlineData("estornar-pagamento", ToolCategory.Financial, RiskLevel.Critical)]
    [InlineData("consultar", ToolCategory.Read, RiskLevel.Low)]
    [InlineData("consultarSituação", ToolCategory.Read, RiskLevel.Low)]
    [InlineData("cancelar", ToolCategory.Execute, RiskLevel.High)]
    [InlineData("cancelar_pedido", ToolCategory.Financial, RiskLevel.Critical)]
    [InlineData("eliminar_cliente", ToolCategory.Destructive, RiskLevel.Critical)]
    [InlineData("apagarRegistro", ToolCategory.Destructive, RiskLevel.Critical)]
    [InlineData("cadastrar_cliente", ToolCategory.Write, RiskLevel.Medium)]
    [InlineData("ejecutar_proceso", ToolCategory.Execute, RiskLevel.High)]
    [InlineData("reenviar_correo", ToolCategory.Execute, RiskLevel.High)]
    [InlineData("删除用户", ToolCategory.Destructive, RiskLevel.Critical)]
    [InlineData("查询订单", ToolCategory.Read, RiskLevel.Low)]
    [InlineData("支付", ToolCategory.Financial, RiskLevel.Critical)]
    [InlineData("cancel_job", ToolCategory.Execute, RiskLevel.High)]
    [InlineData("cancel_order", ToolCategory.Financial, RiskLevel.Critical)]
    [InlineData("find_and_delete", ToolCategory.Destructive, RiskLevel.Critical)]
    [InlineData("frobnicate", ToolCategory.Execute, RiskLevel.High)]
    [InlineData("Löschen", ToolCategory.Destructive, RiskLevel.Critical)]
    [InlineData("listing", ToolCategory.Execute, RiskLevel.High)]
    public void Takes_a_name_for_what_it_says(string name, ToolCategory category, RiskLevel risk)
    {
        var found = ToolClassifier.Of(Tool(name));

        Assert.Equal((category, risk), (found.Category, found.Risk));
    }

    [Theory]
    [InlineData("backchannel_resend_otp", "Sends the one-time password of a pending backchannel sign-in again.")]
    [InlineData("login", "Signs in; later calls use the session.")]
    public void Takes_a_sign_in_for_something_that_runs(string name, string description) =>
        Assert.Equal(ToolCategory.Execute, ToolClassifier.Of(Tool(name, description)).Category);

    [Theory]
    [InlineData("get_oauth_token", "Gets an OAuth token of the bank.")]
    [InlineData("refresh_access_token", "Refreshes the access token.")]
    [InlineData("get-env", "Returns all environment variables.")]
    [InlineData("create_access_token", "Creates an access token.")]
    [InlineData("get_secret", "Reads a secret of the vault.")]
    [InlineData("getApiKey", null)]
    [InlineData("export_private_key", null)]
    [InlineData("backchannel_complete", "Completes a pending backchannel sign-in and returns an access token.")]
    [InlineData("rotateSecrets", "Rotates the secrets of a service.")]
    [InlineData("create_token_tool", "Creates an access token with these scopes.")]
    [InlineData("list_service_variables", "Lists all environment variables of a service.")]
    [InlineData("request_code", "Requests a pairing code for the phone.")]
    [InlineData("login", "Signs in with a name and a password. Returns the session and its token.")]
    public void Takes_what_returns_a_credential_for_a_secret(string name, string? description)
    {
        var found = ToolClassifier.Of(Tool(name, description));

        Assert.Equal(ToolCategory.Secret, found.Category);
        Assert.True(found.Risk >= RiskLevel.High);
    }

    [Theory]
    [InlineData("list_secrets", "Lists the names of the secrets.", ToolCategory.Read)]
    [InlineData("get_token_price", "Gets the price of a token.", ToolCategory.Read)]
    [InlineData("revoke_access_token", "Revokes an access token.", ToolCategory.Destructive)]
    [InlineData("create_environment", "Creates an environment.", ToolCategory.Write)]
    [InlineData("generate_password", "Generates a random password.", ToolCategory.Read)]
    public void Takes_what_returns_no_credential_for_its_effect(
        string name, string description, ToolCategory category) =>
        Assert.Equal(category, ToolClassifier.Of(Tool(name, description)).Category);

    [Theory]
    [InlineData("voidCharge", "Voids a charge.", ToolCategory.Financial)]
    [InlineData("accept_dispute", "Accepts a dispute.", ToolCategory.Financial)]
    [InlineData("submit_dispute_evidence", "Submits evidence.", ToolCategory.Financial)]
    [InlineData("approve_return", "Approves a return.", ToolCategory.Financial)]
    [InlineData("post_place", "Places a limit order.", ToolCategory.Financial)]
    [InlineData("convert_file", "Converts a file, and pay with x402.", ToolCategory.Financial)]
    [InlineData("register_domain", "Starts the registration of a domain.", ToolCategory.Financial)]
    [InlineData("revoke_approval", "Revokes the approval of a spender of a token.", ToolCategory.Financial)]
    [InlineData("cancel_tasks", "Cancels tasks.", ToolCategory.Execute)]
    [InlineData("cancel_meeting", "Cancels a meeting.", ToolCategory.Destructive)]
    [InlineData("watch_profile_delete", "Deletes the profile that is watched.", ToolCategory.Destructive)]
    [InlineData("transfer_app", "Transfers an app to another team.", ToolCategory.Write)]
    [InlineData("create_instance", "Creates a virtual machine.", ToolCategory.Execute)]
    [InlineData("droplet_create", "Creates a droplet.", ToolCategory.Execute)]
    [InlineData("send_command", "Sends a command to instances.", ToolCategory.Execute)]
    [InlineData("start_crawl", "Starts a crawl of a site.", ToolCategory.Read)]
    [InlineData("create_search", "Creates a search and returns what it finds.", ToolCategory.Read)]
    public void Takes_the_effect_behind_the_verb(string name, string description, ToolCategory category) =>
        Assert.Equal(category, ToolClassifier.Of(Tool(name, description)).Category);

    [Theory]
    [InlineData("update_issue", ToolCategory.Write)]
    [InlineData("upload_file", ToolCategory.Write)]
    [InlineData("rerun_workflow", ToolCategory.Execute)]
    public void A_destructive_hint_raises_the_risk_of_a_known_effect_and_keeps_its_category(
        string name, ToolCategory category)
    {
        var found = ToolClassifier.Of(Tool(name) with { IsReadOnly = false, IsDestructive = true });

        Assert.Equal((category, RiskLevel.High), (found.Category, found.Risk));
    }

    [Theory]
    [InlineData("send_reaction_message", "Reacts with an emoji; an empty string clears the reaction.")]
    [InlineData("send_interactive_flow", "Sends a customer a form to fill in, such as a delivery date.")]
    public void Takes_a_message_for_something_written(string name, string description) =>
        Assert.Equal(ToolCategory.Write, ToolClassifier.Of(Tool(name, description)).Category);

    [Theory]
    [InlineData("capture", "Takes a picture of the page.")]
    [InlineData("void", "Marks a signature as not valid.")]
    [InlineData("transfer_ownership", "Gives a repository to another owner.")]
    public void Takes_a_word_of_payments_for_one_only_near_money(string name, string description) =>
        Assert.NotEqual(ToolCategory.Financial, ToolClassifier.Of(Tool(name, description)).Category);

    [Fact]
    public void Says_that_it_is_not_sure()
    {
        var found = ToolClassifier.Of(Tool("frobnicate", "Frobnicates the gronk."));

        Assert.False(found.IsSure);
        Assert.Equal((ToolCategory.Execute, RiskLevel.High), (found.Category, found.Risk));
        Assert.StartsWith("Not sure", found.Reasons[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("delete_account")]
    [InlineData("send_message")]
    [InlineData("frobnicate")]
    [InlineData("list_customers")]
    [InlineData("create_refund")]
    public void Is_never_milder_for_what_a_server_says_of_itself(string name)
    {
        var plain = ToolClassifier.Of(Tool(name));

        foreach (var isReadOnly in (bool?[])[null, true, false])
        {
            foreach (var isDestructive in (bool?[])[null, true, false])
            {
                var tool = Tool(name) with { IsReadOnly = isReadOnly, IsDestructive = isDestructive };
                var found = ToolClassifier.Of(tool);
                Assert.True(found.Risk >= plain.Risk
                    && (found.Category.Severity() >= plain.Category.Severity() || !plain.IsSure));
            }
        }
    }

    [Fact]
    public void Says_how_likely_each_category_is()
    {
        var found = ToolClassifier.Of(Tool("delete_user", "Deletes a user."));

        Assert.Equal(Enum.GetValues<ToolCategory>().Length, found.Probabilities!.Count);
        Assert.InRange(found.Probabilities.Values.Sum(), 0.99, 1.01);
        Assert.Equal(found.Probabilities[ToolCategory.Destructive], found.Confidence);
    }

    [Fact]
    public void Never_calls_an_uncertain_tool_one_that_reads_or_writes()
    {
        var found = ToolClassifier.Of(Tool("data_manager", "Helps with data."));

        Assert.True(found.IsSure || found.Category.Severity() >= ToolCategory.Execute.Severity());
        Assert.True(found.IsSure || found.Risk >= RiskLevel.High);
    }

    [Fact]
    public void Cites_what_it_saw()
    {
        var named = ToolClassifier.Of(Tool("delete_user", "Deletes a user."));
        var marked = ToolClassifier.Of(Tool("list_users") with { IsDestructive = true });

        Assert.Contains("Its name says \"delete\".", named.Reasons);
        Assert.Contains("Its description says \"delete\" too.", named.Reasons);
        Assert.True(named.Confidence > 0.9);
        Assert.Contains("Its server marks it as destructive.", marked.Reasons);
        Assert.Equal(ToolCategory.Destructive, marked.Category);
    }

    [Fact]
    public void Takes_the_worst_of_what_a_member_lets_choose() => Assert.Equal(
        ToolCategory.Destructive,
        ToolClassifier.Of(Tool("manage_label", "Manages labels.",
            """{"properties":{"action":{"enum":["read","create","delete"]}}}""")).Category);

    [Theory]
    [InlineData("""{"properties":{"sql":{"type":"string"}}}""", ToolCategory.Execute)]
    [InlineData("""{"properties":{"filter":{"type":"string"}}}""", ToolCategory.Read)]
    public void Takes_a_query_by_what_it_takes(string schema, ToolCategory category) =>
        Assert.Equal(category, ToolClassifier.Of(Tool("query", "Queries the data.", schema)).Category);

    [Fact]
    public void Recognizes_a_payment_by_its_parameters() => Assert.Equal(
        ToolCategory.Financial,
        ToolClassifier.Of(Tool("send", "Sends it.",
            """{"properties":{"amount":{"type":"number"},"to":{"type":"string"}}}""")).Category);

    [Fact]
    public void Raises_what_answers_with_a_secret()
    {
        var found = ToolClassifier.Of(Tool("get_session") with
        {
            OutputSchema = Json("""{"properties":{"access_token":{"type":"string"}}}"""),
        });

        Assert.Equal((ToolCategory.Secret, RiskLevel.High), (found.Category, found.Risk));
    }

    [Theory]
    [InlineData("next_page_token")]
    [InlineData("total_tokens")]
    [InlineData("syncToken")]
    public void A_token_of_a_list_in_the_result_is_not_a_credential(string member)
    {
        var found = ToolClassifier.Of(Tool("list_files", "Lists files.") with
        {
            OutputSchema = Json("{\"properties\":{\"" + member + "\":{}}}"),
        });

        Assert.Equal(ToolCategory.Read, found.Category);
    }

    [Fact]
    public void Code_to_run_is_never_certain_to_be_reading()
    {
        var found = ToolClassifier.Of(Tool("query_resources", "Runs a snippet to query resources.",
            """{"properties":{"code_snippet":{"type":"string"}}}"""));

        Assert.True(found.Risk >= RiskLevel.High);
    }

    [Fact]
    public void Says_alike_each_time_and_never_repeats_a_servers_text()
    {
        var hostile = Tool("get\u202e_x\u001b[2J", "\u001b]0;pwn\u0007 Deletes \u202eeverything",
            """{"properties":{"\u001bamount":{},"ac\u200btion":{"enum":["delete\u0007"]}}}""");
        var (one, other) = (ToolClassifier.Of(hostile), ToolClassifier.Of(hostile));

        Assert.Equal(one.Reasons, other.Reasons);
        Assert.Equal((one.Category, one.Risk, one.Confidence), (other.Category, other.Risk, other.Confidence));
        Assert.All(one.Reasons, static reason => Assert.All(reason, static letter => Assert.InRange(letter, ' ', '~')));
    }

    [Fact]
    public void Reads_only_so_much_of_what_is_endless()
    {
        var deep = string.Concat(Enumerable.Repeat("""{"properties":{"a":""", 25)) + "1"
            + string.Concat(Enumerable.Repeat("}}", 25));
        var members = string.Join(',', Enumerable.Range(0, 20_000).Select(static n => $"\"m{n}\":{{}}"));
        var wide = "{\"properties\":{" + members + "}}";

        Assert.False(ToolClassifier.Of(Tool(new string('x', 1_000_000), new string('y', 1_000_000), deep)).IsSure);
        Assert.Equal(ToolCategory.Read, ToolClassifier.Of(Tool("get_x", "Gets.", wide)).Category);
    }

    private static ToolFacts Tool(string name, string? description = null, string schema = "{}") =>
        new(name, description, Json(schema), null, null);

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement.Clone();
}
