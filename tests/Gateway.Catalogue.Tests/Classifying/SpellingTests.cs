using Gateway.Catalogue.Classifying;
using Gateway.Catalogue.Listing;

namespace Gateway.Catalogue.Tests.Classifying;

/// <summary>Names whose class is set, in the spellings and languages in which servers write them.</summary>
public sealed class SpellingTests
{
    [Theory]
    [InlineData("voidCharge void_charge void-charge VoidCharge voidPayment anular_cargo anularCargo 撤销扣款")]
    [InlineData("estornar_cobranca cancelar_cobranca cancelarCobranca")]
    [InlineData("accept_dispute acceptDispute accept-dispute submit_dispute_evidence submitDisputeEvidence")]
    [InlineData("respond-to-dispute contest_chargeback contestar_disputa contestarDisputa aceptar_disputa 接受争议")]
    [InlineData("aceitar_disputa approve_return approveReturn reject-return aprobar_devolucion 批准退货")]
    [InlineData("aprovar_devolucao aprovarDevolução update_order modifyOrder place-order remove_liquidity")]
    [InlineData("deploy_erc20_token deployCoin sign_typed_data signTransaction")]
    public void A_name_that_moves_money_is_Financial_in_each_spelling(string names) =>
        Are(ToolCategory.Financial, names);

    [Theory]
    [InlineData("send_command sendCommand send-command run-command enviar_comando ejecutar_comando executar_comando")]
    [InlineData("执行命令 创建实例 create_instance createInstance create-instances start_instances startInstance")]
    [InlineData("criar_instancia crearInstancia crear-instancia")]
    [InlineData("run_sql runSql run-sql runSQL execute_sql executar_sql ejecutar_sql ejecutarConsultaSql 执行SQL")]
    [InlineData("rerun_workflow rerunFailedJobs rerun-job reejecutar_flujo reexecutar_workflow 重新运行工作流")]
    [InlineData("browser_drag_and_drop terminate_app terminateProcess port_scan commit_transaction get_auth_url")]
    public void A_name_that_runs_something_is_Execute_in_each_spelling(string names) =>
        Are(ToolCategory.Execute, names);

    [Theory]
    [InlineData("crawl_site crawlWebsite crawl-site start_crawl startCrawl firecrawl_crawl scrape_page 爬取网站")]
    [InlineData("web_search searchWeb web-search search_web buscar_web buscarEnLaWeb pesquisar_na_web 搜索网页")]
    [InlineData("rastrear_sitio deep_research book_search")]
    public void A_name_that_crawls_or_searches_is_Read_in_each_spelling(string names) => Are(ToolCategory.Read, names);

    [Theory]
    [InlineData("update_record updateCustomer update-page update_issue actualizar_cliente actualizarCliente 更新客户")]
    [InlineData("atualizar_cliente atualizarPedidoDeFerias")]
    [InlineData("upload_file uploadDocument upload-image subir_archivo subirArchivo enviar_arquivo 上传文件")]
    [InlineData("carregar_arquivo carregarArquivo merge_cells start_timer stopTimer remove_background")]
    public void A_name_that_changes_something_is_Write_in_each_spelling(string names) => Are(ToolCategory.Write, names);

    [Theory]
    [InlineData("get-env getEnv get_env get_environment_variables getEnvironmentVariables print-env 获取环境变量")]
    [InlineData("list_env_vars get_env_vars obtener_variables_de_entorno obterVariaveisDeAmbiente")]
    [InlineData("refresh_access_token refreshAccessToken refresh-access-token renovar_token_de_acceso 刷新访问令牌")]
    [InlineData("renovarTokenDeAcceso renovar_token_de_acesso")]
    [InlineData("create_access_token createAccessToken create-access-token crear_token_de_acceso 创建访问令牌")]
    [InlineData("criar_token_de_acesso criarTokenDeAcesso")]
    [InlineData("get_oauth_token getOAuthToken get-oauth-token itau_get_oauth_token obtener_token_oauth 获取OAuth令牌")]
    [InlineData("obterTokenOAuth obter_token_oauth get_api_key obtener_clave_api obter_chave_de_api 获取API密钥")]
    [InlineData("get_connection_string getSecrets get_password getCookies get-2fa-code")]
    public void A_name_that_hands_out_a_credential_is_Secret_in_each_spelling(string names)
    {
        Are(ToolCategory.Secret, names);
        Assert.All(names.Split(' '), static name => Assert.True(Of(name).Risk >= RiskLevel.High));
    }

    [Theory]
    [InlineData("get_address_from_private_key", "Returns the address of a private key.")]
    [InlineData("get_api_key_information", "Returns information about an API key.")]
    [InlineData("get_secret_scanning_alert", "Returns an alert of the secret scanner.")]
    [InlineData("validate_access_token", "Checks whether a token is valid.")]
    public void A_name_that_only_mentions_a_credential_is_not_Secret_for_certain(string name, string description)
    {
        var found = Of(name, description);

        Assert.False(found is { IsSure: true, Category: ToolCategory.Secret }, string.Join(' ', found.Reasons));
    }

    private static void Are(ToolCategory category, string names) => Assert.All(names.Split(' '), name =>
    {
        var found = Of(name);
        Assert.True(found.IsSure, $"{name}: not sure");
        Assert.True(found.Category == category, $"{name}: {found.Category}");
    });

    private static Classification Of(string name, string? description = null) =>
        ToolClassifier.Of(new ToolFacts(name, description, JsonDocument.Parse("{}").RootElement.Clone(), null, null));
}
