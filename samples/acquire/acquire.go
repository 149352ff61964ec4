// Charges a budget of the gateway: go run acquire.go BUDGET COST. Go 1.18 or later, nothing to install.
package main

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"
)

func main() {
	id := make([]byte, 16) // It stays the same while this tries, so that a lost answer is never charged twice.
	rand.Read(id)
	costs := []map[string]string{{"budget": os.Args[1], "cost": os.Args[2]}}
	body, _ := json.Marshal(map[string]any{"id": fmt.Sprintf("%x", id), "costs": costs})
	client := http.Client{Timeout: 10 * time.Second}
	for attempt := 1; attempt <= 3; attempt++ {
		request, _ := http.NewRequest("POST", os.Getenv("GATEWAY_URL")+"/v1/acquire", strings.NewReader(string(body)))
		request.Header.Set("Authorization", "Bearer "+os.Getenv("GATEWAY_KEY"))
		request.Header.Set("Content-Type", "application/json")
		var decision map[string]any
		answer, err := client.Do(request)
		if err == nil {
			err = json.NewDecoder(answer.Body).Decode(&decision)
		}
		if err == nil && answer.StatusCode != http.StatusServiceUnavailable {
			if decision["allowed"] == true {
				fmt.Printf("allowed, %v left\n", decision["costs"].([]any)[0].(map[string]any)["remaining"])
				return
			}
			fmt.Println("refused:", decision) // With "reason" and "retry_after", or with what is wrong.
			os.Exit(2)
		}
		time.Sleep(time.Duration(attempt) * 200 * time.Millisecond)
	}
	os.Exit(1)
}
